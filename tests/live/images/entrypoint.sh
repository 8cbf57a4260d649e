#!/bin/sh
# What MySQL's image does with its variables, done with MariaDB: an empty directory gets its system tables, users and database
# before anybody is let in over TCP. https://github.com/docker-library/mysql/blob/master/8.4/docker-entrypoint.sh
set -eu

value() {
  file='' text=''
  eval "file=\${$1_FILE:-} text=\${$1:-}"
  if [ -n "$file" ]; then cat "$file"; else printf %s "$text"; fi
}

if [ ! -d /var/lib/mysql/mysql ]; then
  echo "entrypoint: the directory is empty, and is initialised"
  mariadb-install-db --auth-root-authentication-method=normal --skip-test-db
  mariadbd --skip-networking &
  server=$!
  until mariadb-admin ping >/tmp/ping 2>&1; do sleep 0.2; done
  database=$(value MYSQL_DATABASE) user=$(value MYSQL_USER)
  password=$(value MYSQL_PASSWORD) root=$(value MYSQL_ROOT_PASSWORD)
  [ "$(value MYSQL_ROOT_HOST)" = localhost ] || exit 1 # nothing else is played
  mariadb --user=root <<STATEMENTS
DELETE FROM mysql.global_priv WHERE user = '' OR (user = 'root' AND host <> 'localhost');
FLUSH PRIVILEGES;
ALTER USER 'root'@'localhost' IDENTIFIED BY '$root';
CREATE DATABASE $database;
CREATE USER '$user'@'%' IDENTIFIED BY '$password';
GRANT ALL ON $database.* TO '$user'@'%';
STATEMENTS
  kill "$server"
  wait "$server"
  echo "entrypoint: initialised"
fi
exec mariadbd
