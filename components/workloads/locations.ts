// Where the workloads have what others look for: plain names, without the SDKs.

/** The Deployment of the images, its namespace and its container. */
export const ASSETS = "assets";

/** Where the images are, in the container. */
export const IMAGES = "/usr/share/nginx/html/assets";

/** The port on which both workloads answer. */
export const HTTP_PORT = 8080;

/** The catalog's Deployment and its namespace. */
export const CATALOG = "catalog";

/** The name of the StatefulSet, its headless Service, its Secret and its account. */
export const MYSQL = "catalog-mysql";

/** The container of the StatefulSet's pod. */
export const MYSQL_CONTAINER = "mysql";

/** Where the database has its files, in its container. */
export const MYSQL_DATA = "/var/lib/mysql";
