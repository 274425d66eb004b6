package dev.attache.filters.jwt;

import org.jspecify.annotations.Nullable;

/** A signature algorithm of RFC 7518 and RFC 8037 that tokens may name. */
enum Algorithm {
    ES256(Digest.SHA256),
    ES384(Digest.SHA384),
    ES512(Digest.SHA512),
    HS256(Digest.SHA256),
    HS384(Digest.SHA384),
    HS512(Digest.SHA512),
    RS256(Digest.SHA256),
    RS384(Digest.SHA384),
    RS512(Digest.SHA512),
    PS256(Digest.SHA256),
    PS384(Digest.SHA384),
    PS512(Digest.SHA512),
    EDDSA(Digest.SHA256);

    /** What is signed, in the names of the JDK. */
    enum Digest {
        SHA256("SHA256", "SHA-256", 32),
        SHA384("SHA384", "SHA-384", 48),
        SHA512("SHA512", "SHA-512", 64);

        /** As algorithms such as {@code SHA256withRSA} have it. */
        final String inAlgorithms;

        final String name;

        /** In bytes. */
        final int length;

        Digest(String inAlgorithms, String name, int length) {
            this.inAlgorithms = inAlgorithms;
            this.name = name;
            this.length = length;
        }
    }

    private final Digest digest;

    Algorithm(Digest digest) {
        this.digest = digest;
    }

    /**
     * By its name in a token's header. Null: none of these, as {@code none}, which a token must not
     * name: {@link JwtStatus#HEADER_ALG_NOT_IMPLEMENTED}.
     */
    static @Nullable Algorithm named(String name) {
        return switch (name) {
            case "ES256" -> ES256;
            case "ES384" -> ES384;
            case "ES512" -> ES512;
            case "HS256" -> HS256;
            case "HS384" -> HS384;
            case "HS512" -> HS512;
            case "RS256" -> RS256;
            case "RS384" -> RS384;
            case "RS512" -> RS512;
            case "PS256" -> PS256;
            case "PS384" -> PS384;
            case "PS512" -> PS512;
            case "EdDSA" -> EDDSA;
            default -> null;
        };
    }

    Digest digest() {
        return digest;
    }

    boolean isRsaPkcs1() {
        return this == RS256 || this == RS384 || this == RS512;
    }

    boolean isRsaPss() {
        return this == PS256 || this == PS384 || this == PS512;
    }
}
