package dev.attache.filters.listener.tls_inspector;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.config.support.MessageSupport;
import dev.attache.proxy.listener.filter.TlsInspectorSpec;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import java.util.List;

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
                new TlsInspectorSpec(proto.getCloseConnectionOnClientHelloParsingErrors()));
    }

    @Override
    public List<MessageSupport> support() {
        return List.of(
                MessageSupport.of(TlsInspector.getDescriptor())
                        .noEffect(
                                "what has been received is read at once",
                                "initial_read_buffer_size")
                        .honoured("close_connection_on_client_hello_parsing_errors")
                        .refused(
                                "fingerprints are not built yet",
                                "enable_ja3_fingerprinting",
                                "enable_ja4_fingerprinting"));
    }
}
