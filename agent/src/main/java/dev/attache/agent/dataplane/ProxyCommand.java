package dev.attache.agent.dataplane;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The command line of the proxy, for a child as for one in this process. Immutable.
 *
 * @param binary what is run as a child
 * @param arguments as Envoy takes them
 * @param extraEnvironment on top of this process' own, which is inherited
 * @param asIstioUser as user and group 1337: the agent is root for the DNS port
 */
public record ProxyCommand(
        Path binary,
        List<String> arguments,
        Map<String, String> extraEnvironment,
        boolean asIstioUser) {

    public ProxyCommand {
        arguments = List.copyOf(arguments);
        extraEnvironment = Map.copyOf(extraEnvironment);
    }
}
