package dev.attache.filters.jwt;

/**
 * One key of a set. Immutable.
 *
 * @param keyId {@code kid}; empty: a key for any
 * @param algorithm {@code alg}; empty: for any
 */
record Jwk(String keyId, String algorithm, VerificationKey key) {

    /** Whether neither key id nor algorithm says otherwise. */
    boolean mayHaveSigned(Jwt jwt) {
        boolean otherKey = !jwt.keyId().isEmpty() && !keyId.isEmpty() && !keyId.equals(jwt.keyId());
        return !otherKey && (algorithm.isEmpty() || algorithm.equals(jwt.algorithmName()));
    }
}
