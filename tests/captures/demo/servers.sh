# SPDX-License-Identifier: Apache-2.0
# Sourced by make.sh: the machines outside, each a real server with its own configuration under $work.

start_dns() {
  spawn "$outside" dnsmasq --keep-in-foreground --no-resolv --no-hosts --conf-file=/dev/null --user=root \
    --pid-file --listen-address=192.0.2.53 --bind-interfaces \
    --host-record=shop.example.com,192.0.2.10 --host-record=secure.example.com,192.0.2.10 \
    --host-record=mail.example.com,192.0.2.25 --host-record=lab.example.de,198.51.100.20 \
    --host-record=mail.example.org,203.0.113.25 --host-record=shop.example.org,203.0.113.44 \
    --host-record=drop.example.net,203.0.113.66 --host-record=collect.example.net,198.18.80.80 \
    --host-record=files.example.net,203.0.113.90 --host-record=vault.example.net,203.0.113.91
}

start_web() {
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=example.net -keyout "$work/tls.key" \
    -out "$work/tls.crt" 2>/dev/null
  mkdir -p "$work/upload" "$work/body"
  cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
user root;
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http {
  access_log off;
  server_tokens off;
  client_body_temp_path $work/body;
  types { text/html html; text/css css; image/png png; }
  ssl_certificate $work/tls.crt;
  ssl_certificate_key $work/tls.key;
  server {
    listen 192.0.2.10:80;
    listen 192.0.2.10:443 ssl;
    root $work/www;
    gzip on;
    gzip_min_length 4000;
  }
  server {
    listen 198.51.100.20:80;
    root $work/upload;
    location / { dav_methods PUT; create_full_put_path on; }
  }
  server {
    listen 203.0.113.90:80;
    listen 203.0.113.91:443 ssl;
    root $work/upload;
    location / { dav_methods PUT; create_full_put_path on; }
  }
  server {
    listen 203.0.113.44:80;
    listen 198.18.80.80:80;
    location / { return 204; }
  }
}
CONF
  spawn "$outside" nginx -p "$work" -c "$work/nginx.conf" -e "$work/nginx.log"
}

start_ftp() {
  mkdir -p "$work/ftp/in" "$work/ftp/empty"
  chmod 755 "$work/ftp" "$work/ftp/empty"
  chown ftp "$work/ftp/in"
  cat >"$work/vsftpd.conf" <<CONF
listen=YES
background=NO
listen_address=203.0.113.66
anonymous_enable=YES
local_enable=NO
write_enable=YES
anon_upload_enable=YES
anon_root=$work/ftp
no_anon_password=YES
secure_chroot_dir=$work/ftp/empty
seccomp_sandbox=NO
xferlog_enable=NO
vsftpd_log_file=$work/vsftpd.log
CONF
  spawn "$outside" vsftpd "$work/vsftpd.conf"
}

# start_mail ADDRESS NAME: takes every message and forgets it.
start_mail() {
  local home=$work/$2
  mkdir -p "$home"
  chown Debian-exim "$home"
  cat >"$home.conf" <<CONF
primary_hostname = $2
local_interfaces = $1
daemon_smtp_ports = 25
spool_directory = $home
log_file_path = $home/%slog
pid_file_path = $home/pid
acl_smtp_rcpt = take
acl_smtp_data = take
tls_advertise_hosts =
host_lookup =
rfc1413_query_timeout = 0s
begin acl
take:
  accept
begin routers
forget:
  driver = redirect
  data = :blackhole:
CONF
  chmod 644 "$home.conf"
  spawn "$outside" exim4 -C "$home.conf" -bdf
}
