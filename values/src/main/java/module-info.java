/** Types and values of live databases, and their two forms: BSATN (binary) and SATS-JSON. */
module dev.cloche.values {
    requires transitive dev.cloche.kernel;

    exports dev.cloche.values;
}
