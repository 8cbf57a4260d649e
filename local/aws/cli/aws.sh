#!/bin/sh
# Stands for the AWS CLI: `aws` in a cloud's bin. Each client of a cluster asks it for a credential, which lies ready in the
# cloud's directory; everything else Node.js answers, which takes 0.2 s of the processor to start.

cloud=${0%/bin/*}
case " $* " in
*" eks get-token "*)
  case $KUBERNETES_EXEC_INFO in
  *'"client.authentication.k8s.io/v1"'*) version=v1 ;;
  *) version=v1beta1 ;;
  esac
  exec cat "$cloud/credential.$version.json"
  ;;
esac
exec "$cloud/bin/aws-by-node" "$@"
