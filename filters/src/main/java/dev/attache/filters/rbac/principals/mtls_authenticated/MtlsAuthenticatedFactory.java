package dev.attache.filters.rbac.principals.mtls_authenticated;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.secret.ValidationCompiler;
import dev.attache.filters.rbac.Check;
import io.envoyproxy.envoy.extensions.rbac.principals.mtls_authenticated.v3.Config;

/** Compiles {@code envoy.rbac.principals.mtls_authenticated}. */
public final class MtlsAuthenticatedFactory implements ExtensionCompiler<Config, Check> {
    @Override
    public Config prototype() {
        return Config.getDefaultInstance();
    }

    @Override
    public Compiled<Check> compile(Config proto, CompileContext context) {
        if (!proto.hasSanMatcher() && !proto.getAnyValidatedClientCertificate()) {
            context.error(
                    "envoy.rbac.principals.mtls_authenticated did not have any configured"
                            + " validation. At least one configuration field must be set.");
        }
        return context.result(
                new MtlsAuthenticated(
                        proto.hasSanMatcher()
                                ? ValidationCompiler.sanMatcher(
                                        proto.getSanMatcher(), context.at("san_matcher"))
                                : null));
    }
}
