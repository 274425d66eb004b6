package dev.attache.filters.stateful_session.cookie;

import dev.attache.config.Compiled;
import dev.attache.config.extension.CompileContext;
import dev.attache.config.extension.ExtensionCompiler;
import dev.attache.filters.stateful_session.SessionKind;
import dev.attache.proxy.http.Octets;
import io.envoyproxy.envoy.extensions.http.stateful_session.cookie.v3.CookieBasedSessionState;
import io.envoyproxy.envoy.type.http.v3.Cookie;
import java.util.List;

/** Compiles the cookie's description. */
public final class CookieSessionFactory
        implements ExtensionCompiler<CookieBasedSessionState, SessionKind> {
    @Override
    public CookieBasedSessionState prototype() {
        return CookieBasedSessionState.getDefaultInstance();
    }

    @Override
    public Compiled<SessionKind> compile(CookieBasedSessionState proto, CompileContext context) {
        Cookie cookie = proto.getCookie();
        if (cookie.getName().isEmpty()) {
            context.at("cookie")
                    .at("name")
                    .error("Cookie key cannot be empty for cookie based stateful sessions");
        }
        List<String> attributes =
                cookie.getAttributesList().stream()
                        .map(each ->
                                each.getValue().isEmpty()
                                        ? Octets.of(each.getName())
                                        : Octets.of(each.getName() + "=" + each.getValue()))
                        .toList();
        return context.result(
                new CookieSessions(
                        Octets.of(cookie.getName()),
                        cookie.getTtl().getSeconds(),
                        Octets.of(cookie.getPath()),
                        attributes));
    }
}
