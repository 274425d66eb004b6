package dev.attache.filters.injected_credentials.generic;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.secret.SecretCompiler;
import dev.attache.filters.injected_credentials.CredentialSource;
import dev.attache.proxy.http.HeaderName;
import dev.attache.proxy.http.Octets;
import dev.attache.proxy.tls.secret.SecretRef;
import dev.attache.proxy.tls.secret.TlsSecret;
import io.envoyproxy.envoy.extensions.http.injected_credentials.generic.v3.Generic;

/** Compiles {@code envoy.http.injected_credentials.generic}. */
public final class GenericCredentialFactory
        implements ExtensionCompiler<Generic, CredentialSource> {
    @Override
    public Generic prototype() {
        return Generic.getDefaultInstance();
    }

    @Override
    public Compiled<CredentialSource> compile(Generic proto, CompileContext context) {
        SecretRef<TlsSecret.Generic> secret =
                SecretCompiler.reference(
                        proto.getCredential(), SecretCompiler.GENERIC, context.at("credential"));
        String header = proto.getHeader();
        return context.result(
                secret == null
                        ? null
                        : new GenericCredential(
                                header.isEmpty() ? HeaderName.AUTHORIZATION : HeaderName.of(header),
                                Octets.of(Overlay.of(proto).text("header_value_prefix")),
                                secret));
    }
}
