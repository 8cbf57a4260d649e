/** What Go compiles in place of a module's own files: by file, each match of a pattern is replaced; there must be one. */
export interface Trimmed {
  module: string;
  edits: Record<string, [pattern: RegExp, replacement: string][]>;
}

const logs = (cloud: "AWS" | "GCP") => `package operations

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
)

func ${cloud}OperationsProvider(context.Context, map[config.Key]string, *Resource) (Provider, error) {
	return nil, errors.New("this engine was built for stacks on this machine: it reads no logs of ${cloud}")
}
`;

/**
 * The engine for stacks on this machine: state in files, secrets by passphrase. The clouds' SDKs, for states in buckets, keys of
 * key services and `pulumi logs`, are a third of its packages.
 */
export const withoutClouds: Trimmed = {
  module: "github.com/pulumi/pulumi/pkg/v3",
  edits: {
    "backend/diy/backend.go": [
      [/^.*"gocloud\.dev\/blob\/(azureblob|gcsblob|s3blob)".*\n/gm, ""],
      [/^.*"github\.com\/pulumi\/pulumi\/pkg\/v3\/(authhelpers|backend\/diy\/postgres)".*\n/gm, ""],
      [/^\tif p\.Scheme == gcsblob\.Scheme \{\n.*?\n\t\}\n/ms, ""],
    ],
    "backend/diy/bucket.go": [
      [/^.*"github\.com\/aws\/aws-sdk-go-v2\/service\/s3"\n/m, ""],
      [/awss3\.CopyObjectInput/g, "struct{ CopySource *string }"],
    ],
    "secrets/cloud/manager.go": [
      [/^.*"gocloud\.dev\/secrets\/(awskms|azurekeyvault|gcpkms|hashivault)".*\n/gm, ""],
      [/^.*"(google\.golang\.org\/api\/cloudkms\/v1|github\.com\/pulumi\/pulumi\/pkg\/v3\/authhelpers)"\n/gm, ""],
      [/^\tcase gcpkms\.Scheme:\n.*?(?=^\tdefault:)/ms, ""],
    ],
    "operations/operations_aws.go": [[/^.*$/s, logs("AWS")]],
    "operations/operations_gcp.go": [[/^.*$/s, logs("GCP")]],
  },
};
