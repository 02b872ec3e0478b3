/** The part of the browser's Trusted Types that is used; https://w3c.github.io/trusted-types/. */
export interface TrustRules {
  createScriptURL?(url: string): string;
  createHTML?(html: string): string;
}

interface PolicyFactory {
  createPolicy<Rules extends TrustRules>(name: string, rules: Rules): Rules;
}

/**
 * A policy through which texts reach what would run them: the control plane's pages refuse all others. The browser's
 * values are passed on as they are; where it has no Trusted Types, the rules alone are kept.
 */
export function trustPolicy<Rules extends TrustRules>(name: string, rules: Rules): Rules {
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  return factory?.createPolicy(name, rules) ?? rules;
}
