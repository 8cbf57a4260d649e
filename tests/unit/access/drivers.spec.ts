import { ACCOUNT, others, policyOf, roleOf } from "../../support/access";
import { allowed, denied, judge, type Row, type Words } from "../../support/accessTable";
import { arnOf } from "../../support/mockIds";
import { program } from "../../support/program";
import { one } from "../../support/queries";

const SOURCE_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/0000abcd-12ab-34cd-56ef-1234567890ab`;
const OTHER_KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/9999abcd-12ab-34cd-56ef-1234567890ab`;
const SNAPSHOT = "snap-0123456789abcdef0";
const ec2 = (resource: string) => ({ resource: `arn:aws:ec2:eu-west-1:${ACCOUNT}:${resource}` });
const efs = (resource: string) => ({ resource: `arn:aws:elasticfilesystem:eu-west-1:${ACCOUNT}:${resource}` });

const [EBS, EFS, S3, NODES] = ["the EBS driver", "the EFS driver", "the S3 driver", "the nodes"];

const EBS_TABLE: Row[] = [
  allowed(EBS, "ec2:DescribeVolumes", "everything"),
  allowed(EBS, "ec2:CreateVolume", "a disk", "that gets the driver's tag"),
  denied(EBS, "ec2:CreateVolume", "a disk"),
  allowed(EBS, "ec2:CreateVolume", "a snapshot", "that has the driver's tag"),
  denied(EBS, "ec2:CreateVolume", "a snapshot"),
  allowed(EBS, "ec2:AttachVolume", "a disk", "that has the driver's tag"),
  denied(EBS, "ec2:AttachVolume", "a disk"),
  allowed(EBS, "ec2:AttachVolume", "a node"),
  allowed(EBS, "ec2:ModifyVolume", "a disk", "that has the driver's tag"),
  denied(EBS, "ec2:ModifyVolume", "a disk"),
  allowed(EBS, "ec2:DeleteVolume", "a disk", "that has the driver's tag"),
  denied(EBS, "ec2:DeleteVolume", "a disk"),
  allowed(EBS, "ec2:CreateSnapshot", "a disk", "that has the driver's tag"),
  denied(EBS, "ec2:CreateSnapshot", "a disk"),
  allowed(EBS, "ec2:CreateSnapshot", "a snapshot", "that gets the driver's tag"),
  allowed(EBS, "ec2:DeleteSnapshot", "a snapshot", "that has the driver's tag"),
  denied(EBS, "ec2:DeleteSnapshot", "a snapshot"),
  allowed(EBS, "kms:Decrypt", "the key"),
  allowed(EBS, "kms:GenerateDataKeyWithoutPlaintext", "the key"),
  allowed(EBS, "kms:ReEncryptFrom", "the key"),
  allowed(EBS, "kms:CreateGrant", "the key", "for a service of AWS"),
  denied(EBS, "kms:CreateGrant", "the key"),
  denied(EBS, "kms:CreateGrant", "the key", "for somebody else"),
  denied(EBS, "kms:Encrypt", "the key"),
  denied(EBS, "kms:ScheduleKeyDeletion", "the key"),
  allowed(EBS, "kms:Decrypt", "the snapshot's key"),
  allowed(EBS, "kms:CreateGrant", "the snapshot's key", "for a service of AWS"),
  denied(EBS, "kms:Decrypt", "another key"),
  denied(EBS, "kms:CreateGrant", "another key", "for a service of AWS"),
  denied(EBS, "s3:GetObject", "an image"),
  denied(NODES, "ec2:AttachVolume", "a disk", "that has the driver's tag"),
  denied(NODES, "kms:Decrypt", "the key"),
  denied("stranger", "ec2:DeleteVolume", "a disk", "that has the driver's tag"),
];

const EFS_TABLE: Row[] = [
  allowed(EFS, "elasticfilesystem:DescribeFileSystems", "the file system"),
  allowed(EFS, "elasticfilesystem:CreateAccessPoint", "the file system", "with the EFS driver's tag alone"),
  denied(EFS, "elasticfilesystem:CreateAccessPoint", "the file system"),
  denied(EFS, "elasticfilesystem:CreateAccessPoint", "the file system", "with another tag as well"),
  allowed(EFS, "elasticfilesystem:DeleteAccessPoint", "an access point", "that has the EFS driver's tag"),
  denied(EFS, "elasticfilesystem:DeleteAccessPoint", "an access point"),
  denied(EFS, "elasticfilesystem:DeleteFileSystem", "the file system"),
  denied(EFS, "elasticfilesystem:PutFileSystemPolicy", "the file system"),
  denied(EFS, "ec2:DeleteVolume", "a disk", "that has the driver's tag"),
  denied(EBS, "elasticfilesystem:CreateAccessPoint", "the file system", "with the EFS driver's tag alone"),
  denied(NODES, "elasticfilesystem:CreateAccessPoint", "the file system", "with the EFS driver's tag alone"),
];

const S3_TABLE: Row[] = [
  allowed(S3, "s3:ListBucket", "the images' bucket", "with TLS"),
  allowed(S3, "s3:GetObject", "an image", "with TLS"),
  allowed(S3, "s3:PutObject", "an image", "with TLS"),
  allowed(S3, "s3:DeleteObject", "an image", "with TLS"),
  allowed(S3, "s3:AbortMultipartUpload", "an image", "with TLS"),
  denied(S3, "s3:GetObject", "an image", "without TLS"),
  denied(S3, "s3:DeleteObjectVersion", "an image", "with TLS"),
  denied(S3, "s3:PutBucketPolicy", "the images' bucket", "with TLS"),
  denied(S3, "s3:DeleteBucket", "the images' bucket", "with TLS"),
  denied(S3, "s3:ListBucket", "another bucket", "with TLS"),
  denied(S3, "s3:GetObject", "another bucket's object", "with TLS"),
  allowed(S3, "kms:Decrypt", "the key"),
  allowed(S3, "kms:GenerateDataKey", "the key"),
  denied(S3, "kms:CreateGrant", "the key", "for a service of AWS"),
  denied(S3, "kms:Decrypt", "another key"),
  denied(NODES, "s3:GetObject", "an image", "with TLS"),
  denied("stranger", "s3:GetObject", "an image", "with TLS"),
  denied("anybody", "s3:GetObject", "an image", "with TLS"),
  allowed("administrator", "s3:GetObject", "an image", "with TLS"),
  denied("administrator", "s3:GetObject", "an image", "without TLS"),
  denied("another account's administrator", "s3:GetObject", "an image", "with TLS"),
];

describe("who may do what with disks, access points and objects", () => {
  let words: Words;

  before(async () => {
    const changes = { encryptionKey: "customer", assetsStorage: "s3", mysqlSnapshotId: SNAPSHOT };
    const snapshot = { tags: { "ebs.csi.aws.com/cluster": "true" }, volumeSize: 20, kmsKeyId: SOURCE_KEY };
    const dev = await program("dev", { changes, snapshots: { [SNAPSHOT]: snapshot } });
    const keyPolicy = policyOf(one(dev, "aws:kms/key:Key", "eks-storage-dev"));
    const bucketPolicy = policyOf(one(dev, "BucketPolicy"));
    const bucket = `arn:aws:s3:::eks-storage-dev-assets-${ACCOUNT}`;
    const key = (resource: string) => ({ resource, resourcePolicy: keyPolicy });
    const [tag, efsTag] = ["ebs.csi.aws.com/cluster", "efs.csi.aws.com/cluster"];
    words = {
      principals: {
        ...others,
        [EBS]: roleOf(dev, "ebs-csi-controller"),
        [EFS]: roleOf(dev, "efs-csi-controller"),
        [S3]: roleOf(dev, "s3-csi-node"),
        [NODES]: roleOf(dev, "eks-storage-dev-nodes"),
      },
      resources: {
        everything: { resource: "*" },
        "a disk": ec2("volume/vol-0f1000000000000aa"),
        "a snapshot": { resource: "arn:aws:ec2:eu-west-1::snapshot/snap-0f1000000000000aa" },
        "a node": ec2("instance/i-0f1000000000000aa"),
        "the file system": efs("file-system/fs-0f1000000000000aa"),
        "an access point": efs("access-point/fsap-0f1000000000000aa"),
        "the key": key(arnOf("kms/key", "eks-storage-dev")),
        "the snapshot's key": key(SOURCE_KEY),
        "another key": key(OTHER_KEY),
        "the images' bucket": { resource: bucket, resourcePolicy: bucketPolicy },
        "an image": { resource: `${bucket}/image.jpg`, resourcePolicy: bucketPolicy },
        "another bucket": { resource: "arn:aws:s3:::invoices" },
        "another bucket's object": { resource: "arn:aws:s3:::invoices/2026.pdf" },
      },
      circumstances: {
        "that gets the driver's tag": { [`aws:RequestTag/${tag}`]: "true", "aws:TagKeys": [tag] },
        "that has the driver's tag": { [`aws:ResourceTag/${tag}`]: "true", [`ec2:ResourceTag/${tag}`]: "true" },
        "with the EFS driver's tag alone": { [`aws:RequestTag/${efsTag}`]: "true", "aws:TagKeys": [efsTag] },
        "with another tag as well": { [`aws:RequestTag/${efsTag}`]: "true", "aws:TagKeys": [efsTag, "team"] },
        "that has the EFS driver's tag": { [`aws:ResourceTag/${efsTag}`]: "true" },
        "for a service of AWS": { "kms:GrantIsForAWSResource": "true" },
        "for somebody else": { "kms:GrantIsForAWSResource": "false" },
        "with TLS": { "aws:SecureTransport": "true" },
        "without TLS": { "aws:SecureTransport": "false" },
      },
    };
  });

  judge([...EBS_TABLE, ...EFS_TABLE, ...S3_TABLE], () => words);
});
