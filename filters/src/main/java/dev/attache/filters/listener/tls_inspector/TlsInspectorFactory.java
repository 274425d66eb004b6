package dev.attache.filters.listener.tls_inspector;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionFactory;
import dev.attache.config.extension.ExtensionKey;
import dev.attache.config.support.MessageSupport;
import dev.attache.proxy.listener.filter.TlsInspectorSpec;
import io.envoyproxy.envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector;
import java.util.List;

/** TLS inspector. */
public final class TlsInspectorFactory implements ExtensionFactory<TlsInspector, TlsInspectorSpec> {
    @Override
    public ExtensionKey key() {
        return ExtensionKey.of(ExtensionCategory.LISTENER_FILTER, TlsInspector.getDescriptor());
    }

    @Override
    public String name() {
        return "envoy.filters.listener.tls_inspector";
    }

    @Override
    public Class<TlsInspector> protoType() {
        return TlsInspector.class;
    }

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
