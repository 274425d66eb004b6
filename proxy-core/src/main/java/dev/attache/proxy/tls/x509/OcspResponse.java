package dev.attache.proxy.tls.x509;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * A DER-encoded OCSP response (RFC 6960 section 4.2.1) about one certificate, read as far as
 * stapling needs. Its signature is not checked, as in Envoy: clients do that, and whoever delivers
 * it delivers the key as well. Immutable, any thread.
 */
public final class OcspResponse {

    private static final byte[] BASIC = {0x2b, 6, 1, 5, 5, 7, 0x30, 1, 1};
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("uuuuMMddHHmmss");

    private static final int INTEGER = 0x02;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT = 0x06;
    private static final int ENUMERATED = 0x0a;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int CONTEXT = 0x80;
    private static final int CONTEXT_CONSTRUCTED = 0xa0;

    private final byte[] der;
    private final BigInteger serial;
    private final Instant thisUpdate;
    private final @Nullable Instant nextUpdate;

    private OcspResponse(
            byte[] der, BigInteger serial, Instant thisUpdate, @Nullable Instant nextUpdate) {
        this.der = der;
        this.serial = serial;
        this.thisUpdate = thisUpdate;
        this.nextUpdate = nextUpdate;
    }

    /**
     * @throws GeneralSecurityException if it cannot be read, is no successful answer or not about
     *     exactly one certificate; in Envoy's words
     */
    public static OcspResponse parse(byte[] der) throws GeneralSecurityException {
        Der.Reader whole = new Der.Reader(der, 0, der.length);
        Der.Reader response =
                enter(whole, SEQUENCE, "OCSP Response is not a well-formed ASN.1 SEQUENCE");
        status(response);
        Der.Reader explicit = optional(response, CONTEXT_CONSTRUCTED);
        if (explicit == null) {
            throw new GeneralSecurityException("OCSP response has no body");
        }
        Der.Reader bytes =
                enter(explicit, SEQUENCE, "OCSP ResponseBytes is not a well-formed SEQUENCE");
        basicType(bytes);
        Der.Reader octets = enter(bytes, OCTET_STRING, "Expected ASN.1 OCTETSTRING for response");
        Der.Reader basic =
                enter(
                        octets,
                        SEQUENCE,
                        "OCSP BasicOCSPResponse is not a wellf-formed ASN.1 SEQUENCE");
        OcspResponse read = data(der, basic);
        if (!whole.atEnd()) {
            throw new GeneralSecurityException("Data contained more than a single OCSP response");
        }
        return read;
    }

    private static void status(Der.Reader response) throws GeneralSecurityException {
        byte[] status =
                take(
                        response,
                        ENUMERATED,
                        "OCSP ResponseStatus is not a well-formed ASN.1 ENUMERATED");
        int number = status.length == 0 ? -1 : status[0];
        if (number < 0 || number == 4 || number > 6) {
            throw new GeneralSecurityException(
                    "Unknown OCSP Response Status variant: " + (number & 0xff));
        }
        if (number != 0) {
            throw new GeneralSecurityException("OCSP response was unsuccessful");
        }
    }

    private static void basicType(Der.Reader bytes) throws GeneralSecurityException {
        byte[] type = take(bytes, OBJECT, "Input is not a well-formed ASN.1 OBJECT");
        if (!java.util.Arrays.equals(type, BASIC)) {
            String dotted = Der.oid(type);
            throw new GeneralSecurityException(
                    dotted == null
                            ? "Failed to parse oid"
                            : "Unknown OCSP Response type with OID: " + dotted);
        }
    }

    private static OcspResponse data(byte[] der, Der.Reader basic) throws GeneralSecurityException {
        Der.Reader data =
                enter(basic, SEQUENCE, "OCSP ResponseData is not a well-formed ASN.1 SEQUENCE");
        Der.Reader version = optional(data, CONTEXT_CONSTRUCTED);
        if (version != null) {
            byte[] number = take(version, INTEGER, "Input is not a well-formed ASN.1 INTEGER");
            if (new BigInteger(number).signum() != 0) {
                throw new GeneralSecurityException(
                        "OCSP ResponseData version 0x%s is not supported"
                                .formatted(java.util.HexFormat.of().formatHex(number)));
            }
        }
        if (optional(data, CONTEXT_CONSTRUCTED | 1) == null
                && optional(data, CONTEXT_CONSTRUCTED | 2) == null) {
            throw new GeneralSecurityException(
                    "Unknown choice for Responder ID: " + data.nextTag());
        }
        take(data, GENERALIZED_TIME, "Failed to parse ASN.1 element");
        Der.Reader responses = enter(data, SEQUENCE, "Expected sequence of ASN.1 elements.");
        OcspResponse one = responses.atEnd() ? null : single(der, responses);
        if (one == null || !responses.atEnd()) {
            throw new GeneralSecurityException("OCSP Response must be for one certificate only");
        }
        return one;
    }

    private static OcspResponse single(byte[] der, Der.Reader responses)
            throws GeneralSecurityException {
        Der.Reader single =
                enter(
                        responses,
                        SEQUENCE,
                        "OCSP SingleResponse is not a well-formed ASN.1 SEQUENCE");
        Der.Reader id = enter(single, SEQUENCE, "OCSP CertID is not a well-formed ASN.1 SEQUENCE");
        take(id, SEQUENCE, "Failed to parse ASN.1 element");
        take(id, OCTET_STRING, "Failed to parse ASN.1 element");
        take(id, OCTET_STRING, "Failed to parse ASN.1 element");
        byte[] serial = take(id, INTEGER, "Input is not a well-formed ASN.1 INTEGER");
        if (serial.length == 0) {
            throw new GeneralSecurityException("Failed to parse ASN.1 INTEGER");
        }
        if (optional(single, CONTEXT) == null
                && optional(single, CONTEXT_CONSTRUCTED | 1) == null
                && optional(single, CONTEXT | 2) == null) {
            throw new GeneralSecurityException("Unknown OcspCertStatus tag: " + single.nextTag());
        }
        Instant from = time(single);
        Der.Reader until = optional(single, CONTEXT_CONSTRUCTED);
        return new OcspResponse(
                der, new BigInteger(serial), from, until == null ? null : time(until));
    }

    private static Instant time(Der.Reader reader) throws GeneralSecurityException {
        String text =
                new String(
                        take(
                                reader,
                                GENERALIZED_TIME,
                                "Input is not a well-formed ASN.1 GENERALIZEDTIME"),
                        StandardCharsets.ISO_8859_1);
        if (!text.endsWith("Z") && !text.endsWith("z")) {
            throw new GeneralSecurityException("GENERALIZEDTIME must be in UTC");
        }
        try {
            return LocalDateTime.parse(text.substring(0, text.length() - 1), SECONDS)
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new GeneralSecurityException("Error parsing string of GENERALIZEDTIME format", e);
        }
    }

    private static Der.Reader enter(Der.Reader reader, int tag, String otherwise)
            throws GeneralSecurityException {
        if (!reader.next() || reader.tag() != tag) {
            throw new GeneralSecurityException(otherwise);
        }
        return reader.content();
    }

    private static byte[] take(Der.Reader reader, int tag, String otherwise)
            throws GeneralSecurityException {
        if (!reader.next() || reader.tag() != tag) {
            throw new GeneralSecurityException(otherwise);
        }
        return reader.copy();
    }

    private static Der.@Nullable Reader optional(Der.Reader reader, int tag)
            throws GeneralSecurityException {
        if (reader.nextTag() != tag) {
            return null;
        }
        if (!reader.next()) {
            throw new GeneralSecurityException("Failed to parse ASN.1 element tag");
        }
        return reader.content();
    }

    /** By serial number alone, as in Envoy: against mistakes, not against forgery. */
    public boolean isAbout(X509Certificate certificate) {
        return certificate.getSerialNumber().equals(serial);
    }

    /** One that does not say when the next comes is never fresh. */
    public boolean expired(Instant now) {
        return nextUpdate == null || nextUpdate.isBefore(now);
    }

    /** When it began to be valid; may lie in the future. */
    public Instant thisUpdate() {
        return thisUpdate;
    }

    /** As it goes on the wire. Nobody writes into the array. */
    public byte[] der() {
        return der;
    }
}
