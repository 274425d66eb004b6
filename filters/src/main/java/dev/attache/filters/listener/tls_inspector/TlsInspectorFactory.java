package dev.attache.filters.listener.tls_inspector;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.proxy.listener.filter.TlsInspectorSpec;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;

/** TLS inspector. */
public final class TlsInspectorFactory
        implements ExtensionCompiler<TlsInspector, TlsInspectorSpec> {
    @Override
    public TlsInspector prototype() {
        return TlsInspector.getDefaultInstance();
    }

    @Override
    public Compiled<TlsInspectorSpec> compile(TlsInspector proto, CompileContext context) {
        return context.result(
                new TlsInspectorSpec(
                        proto.getCloseConnectionOnClientHelloParsingErrors(),
                        proto.getEnableJa3Fingerprinting().getValue(),
                        proto.getEnableJa4Fingerprinting().getValue()));
    }
}
