#!/bin/sh
# An adapter that manages nothing, for what goes wrong in every program: then it is started twenty times, and a shell
# starts in no time. The first argument is a capability that it declares; the second is what it does when it is asked:
# `dies`, or `says` the third, or `goes-on` with it for ever.
while read -r line; do
  case $line in
    *'"type":"hello"'*)
      echo '{"type":"hello","protocol":1,"name":"small","version":"1","language":"sh","profile":"core","capabilities":["'"$1"'"]}'
      ;;
    *'"type":"begin"'*) echo '{"type":"done"}' ;;
    *'"type":"bye"'*) exit ;;
    *)
      case $2 in
        dies) kill -s KILL $$ ;;
        goes-on) exec yes "$3" ;;
        *) printf '%b\n' "$3" ;;
      esac
      ;;
  esac
done
