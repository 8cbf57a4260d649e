import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { type Aws, AwsError } from "../../../commands/awsQuestions";
import { type Versions, versions } from "../../../commands/versions";
import { cluster } from "../../../local/tests/support/awsResources";
import { type as typed } from "../../../local/tests/support/awsCli";
import { localCloud } from "../../../local/tests/support/localCloud";

const CHECKOUT = path.join(__dirname, "..", "..", "..");

describe("npm run versions", () => {
  const { records } = localCloud();
  const asked: string[] = [];
  beforeEach(() => void asked.splice(0));

  /** The local cloud's stand-in for the AWS CLI. */
  const standIn: Aws = async (region, ...args) => {
    assert.equal(region, "eu-west-1");
    asked.push(args.slice(0, 2).join(" "));
    try {
      return typed(args.join(" "));
    } catch (error) {
      throw new AwsError((error as Error).message);
    }
  };
  const json = async (kubernetes?: string, directory = CHECKOUT) =>
    JSON.parse((await versions(true, directory, "dev", kubernetes, standIn)).text) as Versions;
  const addon = ({ addons }: Versions, key: string) => addons.find((it) => it.key === key);

  it("shows what EKS offers for the stack's Kubernetes beside what is set", async () => {
    const { text, exitCode } = await versions(false, CHECKOUT, "dev", undefined, standIn);
    assert.equal(exitCode, 0);
    assert.equal(
      text,
      `dev, Kubernetes 1.35: in standard support until 2027-03-27. EKS's newest is 1.36.

  key                        set                 EKS's default        newest
* vpcCniVersion              v1.21.1-eksbuild.1  v1.22.4-eksbuild.3   v1.23.1-eksbuild.1
* kubeProxyVersion           v1.35.0-eksbuild.2  v1.35.3-eksbuild.18  v1.35.3-eksbuild.18
* corednsVersion             v1.13.1-eksbuild.1  v1.14.3-eksbuild.23  v1.14.3-eksbuild.23
* podIdentityAgentVersion    v1.3.10-eksbuild.2  v1.3.10-eksbuild.3   v1.3.10-eksbuild.3
  efsCsiDriverVersion        v3.4.1-eksbuild.1   v3.4.1-eksbuild.1    v3.4.1-eksbuild.1
* ebsCsiDriverVersion        v1.64.0-eksbuild.1  v1.66.0-eksbuild.1   v1.66.0-eksbuild.1
  s3CsiDriverVersion         v2.7.0-eksbuild.1   v2.7.0-eksbuild.1    v2.7.0-eksbuild.1
  snapshotControllerVersion  v8.6.0-eksbuild.8   v8.6.0-eksbuild.8    v8.6.0-eksbuild.8

* has a newer version that fits, ! isn't offered for this Kubernetes. To set one: pulumi config set KEY VERSION.`,
    );
    assert.equal(asked.length, 9);
  });

  it("asks for another Kubernetes, such as the next: what isn't offered there is marked", async () => {
    const { text } = await versions(false, CHECKOUT, "dev", "1.36", standIn);
    assert.match(text, /^dev, Kubernetes 1\.36: in standard support until 2027-08-02\./);
    assert.match(text, /^! corednsVersion +v1\.13\.1-eksbuild\.1 +v1\.14\.3-eksbuild\.23 /m);
    assert.match(text, /^\* kubeProxyVersion +v1\.35\.0-eksbuild\.2 +v1\.36\.0-eksbuild\.25 /m);
    assert.match((await versions(false, CHECKOUT, "dev", "1.40", standIn)).text, /Kubernetes 1\.40: not in EKS\./);
  });

  it("is JSON for who reads it by a program", async () => {
    const found = await json();
    assert.deepEqual(found.kubernetes, { version: "1.35", endOfStandardSupport: "2027-03-27", newest: "1.36" });
    assert.deepEqual(addon(found, "ebsCsiDriverVersion"), {
      key: "ebsCsiDriverVersion",
      addon: "aws-ebs-csi-driver",
      version: "v1.64.0-eksbuild.1",
      isOffered: true,
      default: "v1.66.0-eksbuild.1",
      newest: "v1.66.0-eksbuild.1",
    });
  });

  it("names no version that the program refuses, and sorts by number", async () => {
    const offers = (...names: string[]) => ({
      addons: [{ addonVersions: names.map((addonVersion) => ({ addonVersion })) }],
    });
    const answers: Aws = async (_, ...args) => {
      if (args[1] === "describe-cluster-versions") {
        return {
          clusterVersions: [
            { clusterVersion: "1.35", endOfStandardSupportDate: 1806105600 },
            { clusterVersion: "1.9" },
          ],
        };
      }
      return args[3] === "vpc-cni"
        ? offers("v1.21.1-eksbuild.8", "v1.21.1-eksbuild.3", "v1.21.1-eksbuild.7")
        : offers("v1.9.0-eksbuild.1", "v1.10.0-eksbuild.2", "v1.10.0-eksbuild.10");
    };
    const found = JSON.parse((await versions(true, CHECKOUT, "dev", undefined, answers)).text) as Versions;
    assert.deepEqual(found.kubernetes, { version: "1.35", endOfStandardSupport: "2027-03-27", newest: "1.35" });
    assert.equal(addon(found, "vpcCniVersion")!.newest, "v1.21.1-eksbuild.3");
    assert.deepEqual(
      [addon(found, "corednsVersion")!.newest, addon(found, "corednsVersion")!.default],
      ["v1.10.0-eksbuild.10", null],
    );
  });

  it("asks an existing cluster for its Kubernetes, and leaves its owner's add-ons alone", async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), "versions-"));
    fs.copyFileSync(path.join(CHECKOUT, "Pulumi.yaml"), path.join(directory, "Pulumi.yaml"));
    fs.writeFileSync(path.join(directory, "Pulumi.dev.yaml"), "config:\n  eks-storage:existingClusterName: c\n");
    records(cluster({ version: "1.34" }));
    const found = await json(undefined, directory);
    assert.equal(found.kubernetes.version, "1.34");
    assert.deepEqual(
      found.addons.map(({ addon }) => addon),
      ["aws-efs-csi-driver", "aws-ebs-csi-driver", "aws-mountpoint-s3-csi-driver", "snapshot-controller"],
    );
    fs.rmSync(directory, { recursive: true });
  });

  it("ends with AWS's own words where it can't be asked, and with the file's where there is none", async () => {
    const denied: Aws = () => Promise.reject(new AwsError("An error occurred (AccessDeniedException)"));
    assert.deepEqual(await versions(false, CHECKOUT, "dev", undefined, denied), {
      text: "error: An error occurred (AccessDeniedException)",
      exitCode: 1,
    });
    const { text, exitCode } = await versions(false, CHECKOUT, "nowhere", undefined, standIn);
    assert.match(text, /^error: .*Pulumi\.nowhere\.yaml/);
    assert.equal(exitCode, 1);
  });
});
