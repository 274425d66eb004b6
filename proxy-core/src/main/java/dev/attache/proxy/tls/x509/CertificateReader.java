package dev.attache.proxy.tls.x509;

import dev.attache.proxy.connection.CertificateNames;
import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/** Reads a certificate's names and digests in Envoy's spelling. Any thread. */
public final class CertificateReader {

    private static final Map<String, String> KEYWORDS =
            Map.of(
                    "1.2.840.113549.1.9.1", "emailAddress",
                    "2.5.4.5", "serialNumber",
                    "2.5.4.12", "title",
                    "2.5.4.42", "GN",
                    "2.5.4.4", "SN",
                    "2.5.4.46", "dnQualifier");

    private CertificateReader() {}

    public static CertificateNames read(X509Certificate certificate) {
        byte[] der = encoded(certificate);
        return new CertificateNames(
                name(certificate.getSubjectX500Principal()),
                name(certificate.getIssuerX500Principal()),
                serial(certificate.getSerialNumber()),
                HexFormat.of().formatHex(digest("SHA-256", der)),
                HexFormat.of().formatHex(digest("SHA-1", der)),
                sans(certificate, 6),
                sans(certificate, 2),
                sans(certificate, 7),
                sans(certificate, 1),
                sans(certificate, 0),
                certificate.getNotBefore().getTime() / 1000,
                certificate.getNotAfter().getTime() / 1000,
                percentEncode(pem(der)));
    }

    /** As XFCC's {@code Chain} carries certificates: percent-encoded PEM, one behind the other. */
    public static String urlEncodedPem(List<X509Certificate> chain) {
        StringBuilder out = new StringBuilder();
        for (X509Certificate certificate : chain) {
            out.append(percentEncode(pem(encoded(certificate))));
        }
        return out.toString();
    }

    /** The certificate in PEM, its lines ended. */
    public static String pem(X509Certificate certificate) {
        return pem(encoded(certificate));
    }

    public static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has no encoding", e);
        }
    }

    /** {@code X509_NAME_print_ex} with XN_FLAG_RFC2253: known attributes by OpenSSL's keywords. */
    private static String name(X500Principal principal) {
        return principal.getName(X500Principal.RFC2253, KEYWORDS);
    }

    public static @Nullable String commonName(X509Certificate certificate) {
        try {
            for (Rdn rdn :
                    new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
                if (rdn.getType().equalsIgnoreCase("CN")) {
                    return rdn.getValue().toString();
                }
            }
            return null;
        } catch (InvalidNameException e) {
            return null;
        }
    }

    /** BN_bn2hex in lower case: whole bytes, without the sign byte. */
    private static String serial(BigInteger serial) {
        String hex = serial.abs().toString(16);
        String padded = hex.length() % 2 == 0 ? hex : "0" + hex;
        return serial.signum() < 0 ? "-" + padded : padded;
    }

    public static byte[] digest(String algorithm, byte[] data) {
        try {
            return MessageDigest.getInstance(algorithm).digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    /** The GeneralNames of one kind (RFC 5280 tag number), in certificate order. */
    public static List<String> sans(X509Certificate certificate, int kind) {
        Collection<List<?>> all;
        try {
            all = certificate.getSubjectAlternativeNames();
        } catch (CertificateParsingException e) {
            return List.of();
        }
        if (all == null) {
            return List.of();
        }
        List<String> names = new ArrayList<>(all.size());
        for (List<?> san : all) {
            if (Integer.valueOf(kind).equals(san.get(0))) {
                String text = text(san);
                if (text != null) {
                    names.add(text);
                }
            }
        }
        return List.copyOf(names);
    }

    /** Every subject alternative name of a known kind, in certificate order. */
    public static List<String> allSans(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> san : all) {
                    String text = text(san);
                    if (text != null) {
                        names.add(text);
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }

    private static @Nullable String text(List<?> san) {
        Object value = san.get(1);
        int kind = (Integer) san.get(0);
        if (kind == 7 && value instanceof String ip) {
            return canonicalIp(ip);
        }
        if (kind == 0 && value instanceof byte[] der) {
            OtherName other = OtherName.parse(der);
            return other == null ? null : other.value();
        }
        return value instanceof String string ? string : null;
    }

    /** The JDK prints IPv6 uncompressed; Envoy and everybody else compress. */
    private static String canonicalIp(String literal) {
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(literal);
        if (bytes == null) {
            return literal;
        }
        try {
            return NetUtil.toAddressString(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException e) {
            return literal;
        }
    }

    private static String pem(byte[] der) {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE-----\n";
    }

    /** Percent-encodes what base64 PEM holds outside of letters, digits and {@code - _ . ~}. */
    private static String percentEncode(String text) {
        StringBuilder out = new StringBuilder(text.length() + 128);
        for (byte b : text.getBytes(StandardCharsets.US_ASCII)) {
            char c = (char) b;
            if (c >= 'a' && c <= 'z'
                    || c >= 'A' && c <= 'Z'
                    || c >= '0' && c <= '9'
                    || c == '-'
                    || c == '_'
                    || c == '.'
                    || c == '~') {
                out.append(c);
            } else {
                out.append('%').append(String.format("%02X", b & 0xff));
            }
        }
        return out.toString();
    }

    /** An OTHER name: its object identifier and the text of its string value. */
    public record OtherName(String oid, String value) {

        /** From the DER of the OtherName SEQUENCE, or null when its value is no string. */
        public static @Nullable OtherName parse(byte[] der) {
            Der.Reader outer = new Der.Reader(der, 0, der.length);
            if (!outer.next()) {
                return null;
            }
            Der.Reader inner = outer.content();
            if (!inner.next() || inner.tag() != 0x06) {
                return null;
            }
            String oid = Der.oid(inner.copy());
            if (oid == null || !inner.next() || inner.tag() != 0xa0) {
                return null;
            }
            Der.Reader value = inner.content();
            if (!value.next()) {
                return null;
            }
            return switch (value.tag()) {
                case 0x0c -> new OtherName(oid, new String(value.copy(), StandardCharsets.UTF_8));
                case 0x13, 0x16, 0x14, 0x1a ->
                        new OtherName(oid, new String(value.copy(), StandardCharsets.ISO_8859_1));
                default -> null;
            };
        }
    }
}
