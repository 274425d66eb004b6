package dev.attache.agent.pem;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates in PEM: cut apart, read, joined. Stateless; any thread. */
public final class Certificates {

    private static final Pattern ONE =
            Pattern.compile(
                    "-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----", Pattern.DOTALL);

    private Certificates() {}

    /** Each certificate of a text, without what stands between them, without a line's end. */
    public static List<String> split(String text) {
        List<String> all = new ArrayList<>();
        Matcher matcher = ONE.matcher(text);
        while (matcher.find()) {
            all.add(matcher.group());
        }
        return all;
    }

    /**
     * One certificate.
     *
     * @throws CertificateException if it is none
     */
    public static X509Certificate read(String pem) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        byte[] bytes = pem.strip().getBytes(StandardCharsets.US_ASCII);
        return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes));
    }

    /**
     * All certificates of a text.
     *
     * @throws CertificateException if one is not to be read, or there is none
     */
    public static List<X509Certificate> readAll(String text) throws CertificateException {
        List<X509Certificate> all = new ArrayList<>();
        for (String one : split(text)) {
            all.add(read(one));
        }
        if (all.isEmpty()) {
            throw new CertificateException("there is no certificate in it");
        }
        return all;
    }

    /**
     * Those of a text that can be read; of authorities one that cannot does not spoil the others
     * (RFC 5280 4.1.2.2).
     *
     * @throws CertificateException if none can
     */
    public static List<String> readable(String text) throws CertificateException {
        List<String> good = new ArrayList<>();
        CertificateException bad = new CertificateException("there is no certificate in it");
        for (String one : split(text)) {
            try {
                read(one);
                good.add(one);
            } catch (CertificateException e) {
                bad = e;
            }
        }
        if (good.isEmpty()) {
            throw bad;
        }
        return good;
    }

    /** One after the other, each on lines of its own. */
    public static String join(Iterable<String> certificates) {
        StringBuilder text = new StringBuilder();
        for (String one : certificates) {
            text.append(one.strip()).append('\n');
        }
        return text.toString();
    }

    /** Both without what is there twice, sorted. */
    public static List<String> merge(List<String> one, List<String> other) {
        Set<String> all = new TreeSet<>();
        one.forEach(pem -> all.addAll(split(pem)));
        other.forEach(pem -> all.addAll(split(pem)));
        return List.copyOf(all);
    }
}
