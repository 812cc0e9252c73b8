import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { networkOf, subnetOf } from "../../../lambdas/core/shared/network.ts";

describe("the network of a source", () => {
  it.each([
    ["192.0.2.1", "192.0.2.1", "192.0.2.1"],
    ["::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1"],
    ["::FFFF:c000:201", "192.0.2.1", "192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2", "2001:db8:1"],
    ["2001:0DB8:0001:0002::9", "2001:db8:1:2", "2001:db8:1"],
    ["2001:db8::1", "2001:db8:0:0", "2001:db8:0"],
    ["2001:db8:1:2::192.0.2.1", "2001:db8:1:2", "2001:db8:1"],
    ["fe80::1%eth0", "fe80:0:0:0", "fe80:0:0"],
    ["::1", "0:0:0:0", "0:0:0"],
    ["", "", ""],
    ["not an address", "not an address", "not an address"],
  ])("of %s is %s within %s", (source, subnet, network) => {
    expect([subnetOf(source), networkOf(source)]).toEqual([subnet, network]);
  });

  it("is the same for every address of a subnet in any spelling, and never throws", () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.string(), (address, text) => {
        // "IPv4-compatible" addresses, deprecated by RFC 4291 (2.5.5.1), count as the IPv4 address they contain.
        fc.pre(!/^[0:]*:[\d.]+$/u.test(address));
        const { hostname } = new URL(`http://[${address}]/`);
        const other = hostname.slice(1, -1);
        expect(subnetOf(other)).toBe(subnetOf(address));
        expect(networkOf(other)).toBe(networkOf(address));
        subnetOf(text);
      }),
    );
  });
});
