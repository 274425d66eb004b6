package dev.attache.filters.jwt;

import dev.attache.config.load.JsonStruct;
import dev.attache.proxy.metadata.MetadataValue;
import java.util.ArrayList;
import java.util.List;

/**
 * A set of public keys (RFC 7517 section 5), or of certificates by key id as Google publishes them.
 * Immutable; any thread.
 */
public final class Jwks {

    private final List<Jwk> keys;

    private Jwks(List<Jwk> keys) {
        this.keys = List.copyOf(keys);
    }

    /**
     * Reads a set. Keys that cannot be used are left out as long as another one can.
     *
     * @throws JwtException if there is none, with what is the matter with the first
     */
    public static Jwks parse(byte[] json) throws JwtException {
        MetadataValue.Struct set = JsonStruct.read(json);
        if (set == null) {
            throw new JwtException(JwtStatus.JWKS_PARSE_ERROR);
        }
        MetadataValue keys = set.get("keys");
        if (keys instanceof MetadataValue.Sequence(List<MetadataValue> values)) {
            return new Jwks(usable(values));
        }
        if (keys != null) {
            throw new JwtException(JwtStatus.JWKS_BAD_KEYS);
        }
        return new Jwks(CertificateKeys.read(set));
    }

    private static List<Jwk> usable(List<MetadataValue> values) throws JwtException {
        List<Jwk> keys = new ArrayList<>(values.size());
        JwtException first = null;
        for (MetadataValue value : values) {
            if (value instanceof MetadataValue.Struct struct) {
                try {
                    keys.add(JwkReader.read(struct));
                } catch (JwtException e) {
                    first = first == null ? e : first;
                }
            }
        }
        if (keys.isEmpty()) {
            throw first == null ? new JwtException(JwtStatus.JWKS_NO_VALID_KEYS) : first;
        }
        return keys;
    }

    /** Whether one of the keys has signed the token. */
    public JwtStatus verify(Jwt jwt) {
        boolean matched = false;
        for (Jwk key : keys) {
            if (key.mayHaveSigned(jwt)) {
                matched = true;
                JwtStatus status = key.key().verify(jwt);
                if (status != JwtStatus.VERIFICATION_FAIL) {
                    return status;
                }
            }
        }
        return matched ? JwtStatus.VERIFICATION_FAIL : JwtStatus.JWKS_KID_ALG_MISMATCH;
    }
}
