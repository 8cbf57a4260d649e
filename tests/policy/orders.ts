import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { programOf } from "../../local/stack/program";
import { CHECKOUT } from "../engine/localStack";
import { npmInstall } from "../support/installedExamples";
import { heldForPolicies, pack } from "../support/packed";
import { KINDS } from "../support/packageProject";

const EXAMPLE = path.join(CHECKOUT, "examples", "policies");

/** Somebody's folder: examples/policies, with the pack as npm installs it out of its tarball. */
export class Orders {
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-orders-"));
  readonly program = programOf(EXAMPLE);

  install(): void {
    const packed = fs.mkdtempSync(path.join(os.tmpdir(), "eks-storage-package-"));
    try {
      for (const file of ["Pulumi.yaml", "policies.json"])
        fs.copyFileSync(path.join(EXAMPLE, file), path.join(this.directory, file));
      fs.writeFileSync(path.join(this.directory, "Pulumi.dev.yaml"), "config: {}\n");
      // The program's own SDK is older than the pack's: they run side by side.
      const older = { "@pulumi/pulumi": KINDS.lowest.sdks["@pulumi/pulumi"] };
      const overrides = { "eks-storage-policies": heldForPolicies };
      const manifest = { name: "orders", private: true, dependencies: older, overrides };
      fs.writeFileSync(path.join(this.directory, "package.json"), JSON.stringify(manifest));
      npmInstall(this.directory, [pack(packed, "eks-storage-policies")]);
    } finally {
      fs.rmSync(packed, { recursive: true, force: true });
    }
  }

  /** As `--policy-pack` and `--policy-pack-config` name them. */
  get policies() {
    return {
      policyPacks: [path.join(this.directory, "node_modules", "eks-storage-policies")],
      policyPackConfigs: [path.join(this.directory, "policies.json")],
    };
  }

  /** The program, with other properties of what is of some types. */
  changed(changes: Record<string, (props: any) => object>): PulumiFn {
    return () => {
      pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
        const change = changes[type];
        return change && { props: { ...props, ...change(props) }, opts };
      });
      return this.program();
    };
  }

  remove(): void {
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}
