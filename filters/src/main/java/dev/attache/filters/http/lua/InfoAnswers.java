package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.http.lua.exchange.ScriptLog;
import dev.attache.filters.lua.LuaState;
import dev.attache.filters.lua.LuaValues;
import dev.attache.proxy.connection.ConnectionInfo;
import dev.attache.proxy.connection.TlsInfo;
import dev.attache.proxy.http.Protocol;
import dev.attache.proxy.stream.StreamInfo;
import org.jspecify.annotations.Nullable;

/** What {@code streamInfo()} is asked, and whether there is a TLS session. */
final class InfoAnswers {

    private final ScriptRun run;

    InfoAnswers(ScriptRun run) {
        this.run = run;
    }

    int answer(Question question, int number) {
        TlsInfo tls = run.stream().info().downstream().tls();
        return switch (question) {
            case INFO -> info(number);
            case HAS_SSL -> tls == null ? LuaState.NIL : LuaState.NOTHING;
            case SSL_DEPRECATED -> {
                ScriptLog.sslIsDeprecated();
                yield LuaState.NOTHING;
            }
            case HAS_PEER_NAME ->
                    tls == null || tls.peerNames() == null ? LuaState.NIL : LuaState.NOTHING;
            default ->
                    tls == null
                            ? LuaState.NIL
                            : new SslAnswers(run.lua(), tls).answer(question, number);
        };
    }

    /** In the order of the names in {@code handle.lua}. */
    private int info(int number) {
        StreamInfo info = run.stream().info();
        ConnectionInfo downstream = info.downstream();
        Protocol protocol = info.protocol();
        return switch (number) {
            case 0 -> text(protocol == null ? "" : protocol.text());
            case 1 -> text(info.routeName);
            case 2 -> text(info.virtualClusterName);
            case 3 -> text(downstream.localAddress().toString());
            case 4 -> text(downstream.directLocalAddress().toString());
            case 5 -> text(info.downstreamRemoteAddress().toString());
            case 6 -> text(downstream.directRemoteAddress().toString());
            case 7 -> text(downstream.requestedServerName());
            default -> {
                info.drainConnection = true;
                yield LuaState.NOTHING;
            }
        };
    }

    private int text(@Nullable String octets) {
        return run.lua().text(octets == null ? "" : octets);
    }

    /** A list of texts. */
    static LuaValues list(Iterable<String> texts, int size) {
        LuaValues list = new LuaValues().list(size);
        texts.forEach(list::text);
        return list;
    }
}
