package dev.attache.proxy.connection;

import java.util.List;

/**
 * The names and digests of one certificate, in the spelling of Envoy's access-log operators and
 * XFCC. Immutable.
 *
 * @param subject RFC 2253, as OpenSSL prints it
 * @param issuer RFC 2253
 * @param serial lower-case hex without leading zeros
 * @param sha256 lower-case hex of the DER
 * @param sha1 lower-case hex of the DER
 * @param uriSans in certificate order, and so are the other lists
 * @param notBeforeEpochSecond validity start
 * @param notAfterEpochSecond validity end
 * @param urlEncodedPem percent-encoded PEM, as XFCC's Cert field carries it
 */
public record CertificateNames(
        String subject,
        String issuer,
        String serial,
        String sha256,
        String sha1,
        List<String> uriSans,
        List<String> dnsSans,
        List<String> ipSans,
        List<String> emailSans,
        List<String> otherNameSans,
        long notBeforeEpochSecond,
        long notAfterEpochSecond,
        String urlEncodedPem) {}
