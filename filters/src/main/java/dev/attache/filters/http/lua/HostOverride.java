package dev.attache.filters.http.lua;

import dev.attache.filters.http.lua.exchange.Question;
import dev.attache.filters.lua.LuaState;
import dev.attache.proxy.address.IpAddress;
import dev.attache.proxy.stream.OverrideHost;

/** {@code setUpstreamOverrideHost()}. */
final class HostOverride {
    private static final int UNAVAILABLE = 503;

    private HostOverride() {}

    static int answer(ScriptRun run, Question question, boolean strict, String host) {
        if (question == Question.IS_ADDRESS) {
            return isAddress(host)
                    ? LuaState.NOTHING
                    : run.lua().error("host is not a valid IP address");
        }
        if (run.isRequest()) {
            run.stream().info().overrideHost = new OverrideHost(host, strict, UNAVAILABLE);
        }
        return LuaState.NOTHING;
    }

    /** An address with or without a port. */
    private static boolean isAddress(String host) {
        return IpAddress.isLiteral(host)
                || IpAddress.parseWithPort(host) != null
                || host.startsWith("[")
                        && host.endsWith("]")
                        && IpAddress.isLiteral(host.substring(1, host.length() - 1));
    }
}
