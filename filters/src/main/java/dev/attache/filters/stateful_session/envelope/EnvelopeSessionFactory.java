package dev.attache.filters.stateful_session.envelope;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.stateful_session.SessionKind;
import dev.attache.proxy.http.HeaderName;
import io.envoyproxy.envoy.extensions.http.stateful_session.envelope.v3.EnvelopeSessionState;

/** Compiles the header's description. */
public final class EnvelopeSessionFactory
        implements ExtensionCompiler<EnvelopeSessionState, SessionKind> {
    @Override
    public EnvelopeSessionState prototype() {
        return EnvelopeSessionState.getDefaultInstance();
    }

    @Override
    public Compiled<SessionKind> compile(EnvelopeSessionState proto, CompileContext context) {
        return context.result(new EnvelopeSessions(HeaderName.of(proto.getHeader().getName())));
    }
}
