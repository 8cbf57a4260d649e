#!/usr/bin/env bash
# What the engine starts for a plugin: pulumi-resource-NAME in a cloud's bin. The cloud's plugin host serves the plugin; this
# passes on what it prints, its port first, until one of the three ends. Without Node it takes 5 ms of the processor, not 1 s.

name=${0##*/pulumi-resource-}
cloud=${0%/bin/*}

fail() {
  echo "The plugin host of $cloud $1: $name has no plugin. Its log is plugins.log there. Run the command again, which starts a new one." >&2
  exit 1
}

# A host that has just been started takes a second to listen, and may take many where much else runs.
connect() {
  local tries port
  for ((tries = 0; tries < 600; tries++)); do
    read -r port token _ 2>/dev/null <"$cloud/plugins.port" && { exec 3<>"/dev/tcp/127.0.0.1/$port"; } 2>/dev/null && return
    kill -0 "$(<"$cloud/plugins.pid")" 2>/dev/null || fail "doesn't run"
    sleep 0.1
  done
  fail "doesn't answer"
}
connect

# Two lists, each ended by an empty item: what to start for whom, and the environment that the engine has given it.
IFS=$'\n'
{
  printf '%s\0' "$token" "$name" "$PPID" "$$" "$@" ""
  for variable in $(compgen -e); do printf '%s=%s\0' "$variable" "${!variable}"; done
  printf '\0'
} >&3

# Each line begins with the number of the stream that it is for.
while read -r line <&3; do
  case $line in
    2*) printf '%s\n' "${line:1}" >&2 ;;
    *) printf '%s\n' "${line:1}" ;;
  esac
done
fail "has ended"
