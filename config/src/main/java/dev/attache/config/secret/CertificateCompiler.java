package dev.attache.config.secret;

import dev.attache.config.core.DataSources;
import dev.attache.config.extension.CompileContext;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code TlsCertificate} to key material. */
public final class CertificateCompiler {
    /** The kind of secret that carries a certificate. */
    public static final SecretCompiler.Kind<TlsCertificate, TlsSecret.Certificate> KIND =
            new SecretCompiler.Kind<>(
                    "TlsCertificateSdsApi",
                    TlsCertificate.getDefaultInstance(),
                    s ->
                            s.hasTlsCertificate()
                                    ? Optional.of(s.getTlsCertificate())
                                    : Optional.empty(),
                    CertificateCompiler::compile);

    private CertificateCompiler() {}

    static TlsSecret.@Nullable Certificate compile(
            TlsCertificate certificate, CompileContext context) {
        byte[] chain = read(certificate.getCertificateChain(), context.at("certificate_chain"));
        byte[] key = read(certificate.getPrivateKey(), context.at("private_key"));
        byte[] pkcs12 = read(certificate.getPkcs12(), context.at("pkcs12"));
        String password =
                certificate.hasPassword()
                        ? DataSources.text(certificate.getPassword(), context.at("password"))
                        : null;
        byte[] staple = ocspStaple(certificate, context.at("ocsp_staple"));
        String name = name(certificate);
        if (pkcs12 != null && (chain != null || key != null)) {
            String other = chain != null ? "certificate_chain" : "private_key";
            context.error("Certificate configuration can't have both pkcs12 and " + other);
            return null;
        }
        if (pkcs12 == null && !complete(certificate, chain, key, context)) {
            return null;
        }
        var material =
                new TlsSecret.Certificate(
                        chain,
                        key,
                        pkcs12,
                        password,
                        staple,
                        name,
                        keyName(certificate),
                        TlsParametersReader.own(certificate, context));
        String problem = material.problem();
        if (problem != null) {
            context.error(problem);
            return null;
        }
        return material;
    }

    private static byte @Nullable [] read(DataSource source, CompileContext context) {
        byte[] bytes = DataSources.bytes(source, context);
        return bytes == null || bytes.length == 0 ? null : bytes;
    }

    private static boolean complete(
            TlsCertificate certificate,
            byte @Nullable [] chain,
            byte @Nullable [] key,
            CompileContext context) {
        if (chain == null && key == null && !certificate.hasCertificateChain()) {
            context.error("No TLS certificates found: neither chain nor key is set");
            return false;
        }
        if (chain == null) {
            context.at("certificate_chain")
                    .error(
                            "Failed to load incomplete certificate from %s: certificate chain not set"
                                    .formatted(file(certificate.getCertificateChain())));
            return false;
        }
        if (key == null) {
            context.at("private_key")
                    .error(
                            "Failed to load incomplete private key from path: "
                                    + file(certificate.getPrivateKey()));
            return false;
        }
        return true;
    }

    private static String file(DataSource source) {
        return source.getFilename();
    }

    private static byte @Nullable [] ocspStaple(
            TlsCertificate certificate, CompileContext context) {
        DataSource staple = certificate.getOcspStaple();
        if (staple.getSpecifierCase() == DataSource.SpecifierCase.INLINE_STRING) {
            context.error("OCSP staple cannot be provided via inline_string");
            return null;
        }
        return read(staple, context);
    }

    private static String name(TlsCertificate certificate) {
        return certificate.hasPkcs12()
                ? DataSources.name(certificate.getPkcs12())
                : DataSources.name(certificate.getCertificateChain());
    }

    private static String keyName(TlsCertificate certificate) {
        return DataSources.name(certificate.getPrivateKey());
    }
}
