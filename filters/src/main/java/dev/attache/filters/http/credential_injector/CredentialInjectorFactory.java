package dev.attache.filters.http.credential_injector;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.injected_credentials.CredentialSource;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.credential_injector.v3.CredentialInjector;

/** The filter in the chain of a connection manager, or of a cluster. */
public final class CredentialInjectorFactory
        implements ExtensionCompiler<CredentialInjector, HttpFilterSpec> {
    private final ExtensionCategory category;

    /**
     * @param category in which filters it stands
     */
    public CredentialInjectorFactory(ExtensionCategory category) {
        this.category = category;
    }

    @Override
    public CredentialInjector prototype() {
        return CredentialInjector.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(CredentialInjector proto, CompileContext context) {
        CompileContext at = context.at("credential").at("typed_config");
        CredentialSource source =
                at.extension(
                        ExtensionCategory.INJECTED_CREDENTIAL,
                        CredentialSource.class,
                        proto.getCredential().getName(),
                        proto.getCredential().getTypedConfig());
        if (source == null) {
            return context.result(null);
        }
        if (source.fetched() && category == ExtensionCategory.UPSTREAM_HTTP_FILTER) {
            at.error(
                    "a credential that is fetched is not supported among the filters of a cluster",
                    "put the filter among the http_filters of the connection manager");
        }
        return context.result(
                new CredentialInjectorSpec(
                        source, proto.getOverwrite(), proto.getAllowRequestWithoutCredential()));
    }
}
