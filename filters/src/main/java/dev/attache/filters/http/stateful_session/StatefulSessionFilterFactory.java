package dev.attache.filters.http.stateful_session;

import dev.attache.api.Overlay;
import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCategory;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.stateful_session.SessionKind;
import dev.attache.proxy.pipeline.HttpFilterSpec;
import io.envoyproxy.envoy.extensions.filters.http.stateful_session.v3.StatefulSession;
import org.jspecify.annotations.Nullable;

/** Compiles {@code envoy.filters.http.stateful_session}. */
public final class StatefulSessionFilterFactory
        implements ExtensionCompiler<StatefulSession, HttpFilterSpec> {
    private static final int SERVICE_UNAVAILABLE = 503;

    @Override
    public StatefulSession prototype() {
        return StatefulSession.getDefaultInstance();
    }

    @Override
    public Compiled<HttpFilterSpec> compile(StatefulSession proto, CompileContext context) {
        return context.result(spec(proto, context));
    }

    static StatefulSessionSpec spec(StatefulSession proto, CompileContext context) {
        return new StatefulSessionSpec(
                proto.hasSessionState() ? sessions(proto, context.at("session_state")) : null,
                proto.getStrict(),
                proto.getStatPrefix(),
                status(Overlay.of(proto)));
    }

    private static @Nullable SessionKind sessions(StatefulSession proto, CompileContext context) {
        return context.at("typed_config")
                .extension(
                        ExtensionCategory.STATEFUL_SESSION,
                        SessionKind.class,
                        proto.getSessionState().getName(),
                        proto.getSessionState().getTypedConfig());
    }

    private static int status(Overlay newer) {
        int status = (int) newer.number("status_on_strict_destination_not_found");
        return status == 0 ? SERVICE_UNAVAILABLE : status;
    }
}
