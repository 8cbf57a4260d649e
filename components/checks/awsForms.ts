/** How AWS writes ids, ARNs and names: one place for the configuration's keys and for the components' arguments. */

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html: 17 digits; what is of before 2018 has 8. */
export const ec2Id = (prefix: string): RegExp => new RegExp(`^${prefix}-[0-9a-f]{8}([0-9a-f]{9})?$`);

/** Of 8 to 40 digits, by the API: https://docs.aws.amazon.com/efs/latest/ug/API_FileSystemDescription.html (FileSystemId) */
export const efsId = (prefix: string): RegExp => new RegExp(`^${prefix}-[0-9a-f]{8,40}$`);

/** https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id-key-id; what is adopted is of one region. */
const UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
export const KMS_KEY_ID = new RegExp(`^${UUID}$`);
export const KMS_KEY_ARN = new RegExp(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:\\d{12}:key/(mrk-[0-9a-f]{32}|${UUID})$`);

/** A path may come before the name: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export const PRINCIPAL_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/([\x21-\x2e\x30-\x7e]+\/)*[\w+=,.@-]{1,64}$/;
export const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/;
export const ROLE_NAME = /^[\w+=,.@-]{1,64}$/;

export const ACCOUNT_ID = /^\d{12}$/;

/** Not the isolated regions, whose names of services and endpoints differ, nor the European Sovereign Cloud. */
export const REGION = /^(?!us-iso|eu-iso)[a-z]{2}(-[a-z]+)+-\d$/;

/** https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html (name) */
export const CLUSTER_NAME = /^[0-9A-Za-z][\w-]{0,99}$/;
export const KUBERNETES_VERSION = /^1\.\d+$/;
export const ADDON_VERSION = /^v\d+\.\d+\.\d+-eksbuild\.\d+$/;
/** None of Graviton: the nodes' image is for x86. */
export const INSTANCE_TYPE = /^(?![a-z]+\d+g[a-z-]*\.|a1\.)[a-z0-9-]+\.[a-z0-9-]+$/;

/** https://docs.aws.amazon.com/aws-backup/latest/devguide/API_CreateBackupVault.html */
export const VAULT_NAME = /^[\w-]{2,50}$/;

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html#sysman-parameter-name-constraints */
export const PARAMETER = /^(?!\/(aws|ssm))(\/[\w.-]+){1,15}$/i;

/** By tag, digest or both: what runs must not change under its name. */
export const IMAGE =
  /^[\w.-]+(:\d+\/[\w.-]+)?(\/[\w.-]+)*(:(?!latest(@|$))\w[\w.-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/;

/** A disk's size with its unit. */
export const DISK_SIZE = /^[1-9]\d{0,4}[GT]i$/;
