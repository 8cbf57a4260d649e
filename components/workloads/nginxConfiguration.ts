/**
 * The `assets` pod's `/etc/nginx/nginx.conf`, in place of the image's own.
 *
 * With the image's, nginx writes its pid below `/run`, its logs below `/var/log` and temporary files below
 * `/var/lib`: it needs a writable root file system and the image's own user. With this one it needs nothing but a
 * writable `/tmp`, runs as any numeric user, and logs where `kubectl logs` looks. Its port is 8080, as in the image.
 *
 * The images come from the volume, `/health.html` and everything else from the image.
 */
export const nginxConfiguration = `# Two workers: one can wait for the network file system while the other serves. By default it would be one for each of
# the node's processors, whatever the pod's limits are.
worker_processes 2;
error_log /dev/stderr warn;
pid /tmp/nginx.pid;

events {
    worker_connections 1024;
}

http {
    access_log /dev/stdout;
    client_body_temp_path /tmp/client_body;
    proxy_temp_path /tmp/proxy;
    fastcgi_temp_path /tmp/fastcgi;
    uwsgi_temp_path /tmp/uwsgi;
    scgi_temp_path /tmp/scgi;

    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    sendfile on;
    tcp_nopush on;
    server_tokens off;

    # An image on the volume can be replaced under its name, so browsers ask again after an hour; mostly they are told
    # that nothing has changed. (The image's own configuration lets them keep it for ten years.)
    map $sent_http_content_type $lifetime {
        default off;
        ~^image/ 1h;
    }

    server {
        listen 8080;
        listen [::]:8080;
        root /usr/share/nginx/html;
        expires $lifetime;

        # The kubelet asks every few seconds.
        location = /health.html {
            access_log off;
        }

        # Among them half-copied images, while the volume is seeded.
        location ~ /\\. {
            return 404;
        }
    }
}
`;
