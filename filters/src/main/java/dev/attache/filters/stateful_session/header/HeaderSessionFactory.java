package dev.attache.filters.stateful_session.header;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.stateful_session.SessionKind;
import dev.attache.proxy.http.HeaderName;
import io.envoyproxy.envoy.extensions.http.stateful_session.header.v3.HeaderBasedSessionState;

/** Compiles the header's description. */
public final class HeaderSessionFactory
        implements ExtensionCompiler<HeaderBasedSessionState, SessionKind> {
    @Override
    public HeaderBasedSessionState prototype() {
        return HeaderBasedSessionState.getDefaultInstance();
    }

    @Override
    public Compiled<SessionKind> compile(HeaderBasedSessionState proto, CompileContext context) {
        return context.result(new HeaderSessions(HeaderName.of(proto.getName())));
    }
}
