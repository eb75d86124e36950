import * as fc from 'fast-check';
import { addressKey } from './address-key';

describe('addressKey', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:0001:2::6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
    ['unknown', 'unknown'],
  ])('%s is kept under %s', (address, key) => expect(addressKey(address)).toBe(key));

  it('gives one key to all addresses of a /64, and another one to the next', () => {
    const group = fc.nat(0xffff);
    const network = fc.tuple(fc.integer({ min: 1, max: 0xffff }), group, group, group);
    const text = (groups: number[]) => groups.map((one) => one.toString(16)).join(':');
    fc.assert(
      fc.property(network, fc.tuple(group, group, group, group), ([a, b, c, d], host) => {
        const key = addressKey(text([a, b, c, d, ...host]));
        expect(key).toBe(addressKey(text([a, b, c, d, 0, 0, 0, 1])));
        expect(key).not.toBe(addressKey(text([a, b, c, d ^ 1, ...host])));
      }),
    );
  });
});
