package dev.attache.iptables.netns;

import java.util.List;
import java.util.Map;

/**
 * Cases that share an installation.
 *
 * @param name what they are about
 * @param tproxy the inbound listener must be transparent
 * @param flags of the iptables command
 * @param environment of the iptables command
 * @param nameServers the resolv.conf of the application's namespace
 * @param cases in order
 */
public record TrafficGroup(
        String name,
        boolean tproxy,
        List<String> flags,
        Map<String, String> environment,
        List<String> nameServers,
        List<Case> cases) {
    /**
     * One case.
     *
     * @param name what it shows
     * @param shot the traffic
     * @param expected a regular expression for all that comes back
     */
    public record Case(String name, Shot shot, String expected) {}
}
