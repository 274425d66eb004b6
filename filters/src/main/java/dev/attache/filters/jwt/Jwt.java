package dev.attache.filters.jwt;

import dev.attache.config.load.JsonStruct;
import dev.attache.proxy.metadata.MetadataValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A token in compact form (RFC 7515 section 7.1), read and not yet verified. Immutable; any thread.
 */
public final class Jwt {

    private final MetadataValue.Struct header;
    private final MetadataValue.Struct payload;
    private final String encodedPayload;
    private final Algorithm algorithm;
    private final String algorithmName;
    private final String keyId;
    private final byte[] signed;
    private final byte[] signature;
    private final String issuer;
    private final String subject;
    private final List<String> audiences;
    private final long notBefore;
    private final long expires;

    /**
     * @throws JwtException with what is the matter first, in the order in which Envoy looks
     */
    private Jwt(String encodedHeader, String encodedPayload, String encodedSignature)
            throws JwtException {
        this.header = object(encodedHeader, JwtStatus.HEADER_BAD_BASE64, JwtStatus.HEADER_BAD_JSON);
        this.algorithmName =
                Claims.text(header, "alg", JwtStatus.HEADER_BAD_ALG, JwtStatus.HEADER_BAD_ALG);
        Algorithm known = Algorithm.named(algorithmName);
        if (known == null) {
            throw new JwtException(JwtStatus.HEADER_ALG_NOT_IMPLEMENTED);
        }
        this.algorithm = known;
        this.keyId = Claims.text(header, "kid", JwtStatus.HEADER_BAD_KID);
        this.encodedPayload = encodedPayload;
        this.payload =
                object(encodedPayload, JwtStatus.PAYLOAD_BAD_BASE64, JwtStatus.PAYLOAD_BAD_JSON);
        this.issuer = Claims.text(payload, "iss", JwtStatus.ISS_NOT_STRING);
        this.subject = Claims.text(payload, "sub", JwtStatus.SUB_NOT_STRING);
        Claims.seconds(payload, "iat", JwtStatus.IAT_NOT_INTEGER, JwtStatus.IAT_OUT_OF_RANGE);
        this.notBefore =
                Claims.seconds(
                        payload, "nbf", JwtStatus.NBF_NOT_INTEGER, JwtStatus.NBF_OUT_OF_RANGE);
        this.expires =
                Claims.seconds(
                        payload, "exp", JwtStatus.EXP_NOT_INTEGER, JwtStatus.EXP_OUT_OF_RANGE);
        Claims.text(payload, "jti", JwtStatus.JTI_NOT_STRING);
        this.audiences = Claims.texts(payload.get("aud"), JwtStatus.AUD_NOT_STRING);
        this.signature = bytes(encodedSignature, JwtStatus.SIGNATURE_BAD_BASE64);
        this.signed = (encodedHeader + '.' + encodedPayload).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Reads a token: three parts between dots, of which empty ones do not count.
     *
     * @throws JwtException if it is none
     */
    public static Jwt parse(String token) throws JwtException {
        String[] parts = new String[3];
        int count = 0;
        int at = 0;
        while (at < token.length()) {
            int dot = token.indexOf('.', at);
            int end = dot < 0 ? token.length() : dot;
            if (end > at) {
                if (count == parts.length) {
                    throw new JwtException(JwtStatus.BAD_FORMAT);
                }
                parts[count++] = token.substring(at, end);
            }
            at = end + 1;
        }
        if (count != parts.length) {
            throw new JwtException(JwtStatus.BAD_FORMAT);
        }
        return new Jwt(parts[0], parts[1], parts[2]);
    }

    private static MetadataValue.Struct object(
            String encoded, JwtStatus badBase64, JwtStatus badJson) throws JwtException {
        MetadataValue.Struct object = JsonStruct.read(bytes(encoded, badBase64));
        if (object == null) {
            throw new JwtException(badJson);
        }
        return object;
    }

    private static byte[] bytes(String encoded, JwtStatus badBase64) throws JwtException {
        byte[] bytes = Base64Url.decode(encoded);
        if (bytes == null) {
            throw new JwtException(badBase64);
        }
        return bytes;
    }

    /**
     * Whether the token is valid at a moment.
     *
     * @param now seconds since 1970
     * @param skew seconds by which clocks may differ
     */
    public JwtStatus checkTime(long now, long skew) {
        if (now + skew < notBefore) {
            return JwtStatus.NOT_YET_VALID;
        }
        return expires != 0 && now - skew > expires ? JwtStatus.EXPIRED : JwtStatus.OK;
    }

    public MetadataValue.Struct header() {
        return header;
    }

    public MetadataValue.Struct payload() {
        return payload;
    }

    /** The payload as it stands in the token, in Base64url. */
    public String encodedPayload() {
        return encodedPayload;
    }

    /** {@code iss}; empty where there is none. */
    public String issuer() {
        return issuer;
    }

    /** {@code sub}; empty where there is none. */
    public String subject() {
        return subject;
    }

    /** {@code aud}. */
    public List<String> audiences() {
        return audiences;
    }

    /** {@code exp} in seconds since 1970, or null where there is none. */
    public @Nullable Long expires() {
        return expires == 0 ? null : expires;
    }

    Algorithm algorithm() {
        return algorithm;
    }

    String algorithmName() {
        return algorithmName;
    }

    /** {@code kid}; empty where there is none. */
    String keyId() {
        return keyId;
    }

    /** What the signature is about. Not to be changed. */
    byte[] signed() {
        return signed;
    }

    /** Not to be changed. */
    byte[] signature() {
        return signature;
    }
}
