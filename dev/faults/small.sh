#!/bin/sh
# An adapter that manages nothing, for what goes wrong in every program: then it is started twenty times, and a shell
# starts in no time. The first argument is a capability that it declares; the second is what it does when it is asked:
# it `says` the third, and then `dies`, or `goes-on` with it for ever, in lines or in `one-line`.
while read -r line; do
  case $line in
    *'"type":"hello"'*)
      echo '{"type":"hello","protocol":1,"name":"small","version":"1","language":"sh","profile":"core","capabilities":["'"$1"'"]}'
      ;;
    *'"type":"begin"'*) echo '{"type":"done"}' ;;
    *'"type":"bye"'*) exit ;;
    *)
      case $2 in
        dies)
          [ -z "$3" ] || printf '%b\n' "$3"
          kill -s KILL $$
          ;;
        one-line) exec tr '\0' "$3" </dev/zero ;;
        goes-on) exec yes "$3" ;;
        *) printf '%b\n' "$3" ;;
      esac
      ;;
  esac
done
