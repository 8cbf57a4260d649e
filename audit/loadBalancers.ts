import {
  DescribeTagsCommand as DescribeClassicTags,
  type ElasticLoadBalancingClient,
  paginateDescribeLoadBalancers as classicLoadBalancers,
} from "@aws-sdk/client-elastic-load-balancing";
import {
  DescribeTagsCommand,
  type ElasticLoadBalancingV2Client,
  paginateDescribeLoadBalancers,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { type Belonging, detailOf, tagsOf } from "./belonging";
import { Owner } from "./findings";
import type { Look } from "./look";
import type { Tags } from "./scope";

/** How many a request for tags may name: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTags.html */
const NAMES_AT_ONCE = 20;

const inPortions = <T>(all: T[]): T[][] =>
  all.length === 0 ? [] : [all.slice(0, NAMES_AT_ONCE), ...inPortions(all.slice(NAMES_AT_ONCE))];

interface Balancer {
  id: string;
  type: string;
  vpc: string | undefined;
  tags: Tags;
}

/**
 * Load balancers that a Service made, of every generation: the stack makes none, its cluster's users may.
 * https://docs.aws.amazon.com/eks/latest/userguide/network-load-balancing.html
 */
export async function loadBalancers(
  clients: { classic: ElasticLoadBalancingClient; v2: ElasticLoadBalancingV2Client },
  region: string,
  look: Look,
  belonging: Belonging,
): Promise<void> {
  const { classic, v2 } = clients;
  const right = "elasticloadbalancing:DescribeLoadBalancers";
  const tagsRight = "elasticloadbalancing:DescribeTags";
  const found: Balancer[] = [];

  const old = await look.all(
    { what: "classic load balancers", right, region },
    classicLoadBalancers({ client: classic, pageSize: 400 }, {}),
    (page) => page.LoadBalancerDescriptions,
  );
  for (const some of inPortions(old)) {
    const names = some.map(({ LoadBalancerName = "" }) => LoadBalancerName);
    const answer = await look.one({ what: "classic load balancers' tags", right: tagsRight, region }, () =>
      classic.send(new DescribeClassicTags({ LoadBalancerNames: names })),
    );
    const tags = new Map(answer?.TagDescriptions?.map((it) => [it.LoadBalancerName, tagsOf(it.Tags)]));
    for (const { LoadBalancerName: id = "", VPCId } of some) {
      found.push({ id, type: "classic", vpc: VPCId, tags: tags.get(id) ?? {} });
    }
  }

  const current = await look.all(
    { what: "load balancers", right, region },
    paginateDescribeLoadBalancers({ client: v2, pageSize: 400 }, {}),
    (page) => page.LoadBalancers,
  );
  for (const some of inPortions(current)) {
    const arns = some.map(({ LoadBalancerArn = "" }) => LoadBalancerArn);
    const answer = await look.one({ what: "load balancers' tags", right: tagsRight, region }, () =>
      v2.send(new DescribeTagsCommand({ ResourceArns: arns })),
    );
    const tags = new Map(answer?.TagDescriptions?.map((it) => [it.ResourceArn, tagsOf(it.Tags)]));
    for (const { LoadBalancerArn: id = "", VpcId, Type } of some) {
      found.push({ id, type: Type ?? "", vpc: VpcId, tags: tags.get(id) ?? {} });
    }
  }

  for (const { id, type, vpc, tags } of found) {
    const inOurs = belonging.isOurs(vpc)
      ? { owner: Owner.Other, because: `in ${vpc}, without a tag of the stack` }
      : undefined;
    const whose = belonging.byTags(id, tags) ?? inOurs;
    const service = tags["kubernetes.io/service-name"];
    const detail = detailOf(type, service && `of the Service ${service}`, vpc && `in ${vpc}`);
    if (whose) belonging.add({ kind: "load balancer", id, region, ...whose, detail });
  }
}
