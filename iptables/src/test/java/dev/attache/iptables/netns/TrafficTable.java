package dev.attache.iptables.netns;

import dev.attache.iptables.netns.TrafficGroup.Case;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The table of cases that every mode of interception must pass. */
public final class TrafficTable {
    private static final int APP = Stage.APPLICATION;
    private static final int PROXY = Stage.PROXY;
    private static final int OTHER = 2000;

    private TrafficTable() {}

    /** All groups. */
    public static List<TrafficGroup> groups() {
        return List.of(
                sidecar(),
                excludedInterface(),
                includedInterface(),
                listed(),
                ownerGroups(),
                excludedOwnerGroups(),
                nameServers(),
                virtualInterface(),
                tproxy(),
                nothing());
    }

    private static List<String> flags(String text) {
        return new ArrayList<>(Arrays.asList(text.split(" ")));
    }

    private static Case one(String name, Shot shot, String expected) {
        return new Case(name, shot, expected);
    }

    private static String captured(String direction, String target, String then) {
        return (direction + " " + target + " from ").replace("[", "\\[")
                + "\\S+ \\| "
                + then
                + " .*";
    }

    private static String direct(String who) {
        return who + " .*";
    }

    private static TrafficGroup sidecar() {
        return new TrafficGroup(
                "sidecar",
                false,
                flags(
                        "-u 1337 -g 1337 -i * -b * -d 15020,15021,15090 -o 9000 -x"
                                + " 10.12.0.0/24,fd12::/64 --dual-stack --redirect-dns"
                                + " --capture-all-dns"),
                Map.of(),
                List.of(),
                List.of(
                        one(
                                "outbound v4",
                                Shot.out("10.11.0.1", 8080),
                                captured("outbound", "10.11.0.1:8080", "upstream")),
                        one(
                                "outbound v6",
                                Shot.out("fd11::1", 8080),
                                captured("outbound", "[fd11::1]:8080", "upstream")),
                        one("excluded port", Shot.out("10.11.0.1", 9000), direct("upstream")),
                        one("excluded range v4", Shot.out("10.12.0.1", 8080), direct("upstream")),
                        one("excluded range v6", Shot.out("fd12::1", 8080), direct("upstream")),
                        one(
                                "proxy's user",
                                Shot.out("10.11.0.1", 8080).by(PROXY, APP),
                                direct("upstream")),
                        one(
                                "proxy's user v6",
                                Shot.out("fd11::1", 8080).by(PROXY, PROXY),
                                direct("upstream")),
                        one(
                                "proxy's group",
                                Shot.out("10.11.0.1", 8080).by(APP, PROXY),
                                direct("upstream")),
                        one(
                                "inbound v4",
                                Shot.in("10.11.0.2", 7070),
                                "inbound 10.11.0.2:7070 from 10.11.0.1 \\| application"
                                        + " 10.11.0.2:7070 saw 127.0.0.6"),
                        one(
                                "inbound v6",
                                Shot.in("fd11::2", 7070),
                                "inbound \\[fd11::2\\]:7070 from fd11::1 \\| application"
                                        + " \\[fd11::2\\]:7070 saw ::6"),
                        one(
                                "inbound, second interface",
                                Shot.in("10.12.0.2", 7070),
                                "inbound 10.12.0.2:7070 from 10.12.0.1 \\| application"
                                        + " 10.12.0.2:7070 saw .*"),
                        one(
                                "inbound v6, second interface",
                                Shot.in("fd12::2", 7070),
                                captured("inbound", "[fd12::2]:7070", "application")),
                        one("health probe 15021", Shot.in("10.11.0.2", 15021), seenFromPeer()),
                        one("health probe 15020", Shot.in("10.11.0.2", 15020), seenFromPeer()),
                        one("metrics 15090", Shot.in("10.11.0.2", 15090), seenFromPeer()),
                        one("tunnel port", Shot.in("10.11.0.2", 15008), seenFromPeer()),
                        one(
                                "application to its own address",
                                Shot.out("10.11.0.2", 7070),
                                direct("application")),
                        one(
                                "application to localhost",
                                Shot.out("127.0.0.1", 7070),
                                direct("application")),
                        one(
                                "proxy to the application's address",
                                Shot.out("10.11.0.2", 7070).by(PROXY, PROXY),
                                captured("inbound", "10.11.0.2:7070", "application")),
                        one(
                                "DNS over UDP v4",
                                Shot.udp("10.11.0.1", 53),
                                "agent: upstream udp answers who\\?"),
                        one(
                                "DNS over UDP v6",
                                Shot.udp("fd11::1", 53),
                                "agent: upstream udp answers who\\?"),
                        one("DNS over TCP v4", Shot.out("10.11.0.1", 53), "agent tcp .*"),
                        one("DNS over TCP v6", Shot.out("fd11::1", 53), "agent tcp .*"),
                        one(
                                "DNS of the proxy",
                                Shot.udp("10.11.0.1", 53).by(PROXY, PROXY),
                                "upstream udp answers who\\?"),
                        one(
                                "other UDP",
                                Shot.udp("10.11.0.1", 8080),
                                "upstream udp answers who\\?")));
    }

    private static String seenFromPeer() {
        return "application \\S+ saw 10.11.0.1";
    }

    private static List<Case> firstInterfaceOnly() {
        return List.of(
                one(
                        "outbound, first interface",
                        Shot.out("10.11.0.1", 8080),
                        captured("outbound", "10.11.0.1:8080", "upstream")),
                one("outbound, second interface", Shot.out("10.12.0.1", 8080), direct("upstream")),
                one("outbound v6, second interface", Shot.out("fd12::1", 8080), direct("upstream")),
                one(
                        "inbound, first interface",
                        Shot.in("10.11.0.2", 7070),
                        captured("inbound", "10.11.0.2:7070", "application")),
                one(
                        "inbound, second interface",
                        Shot.in("10.12.0.2", 7070),
                        "application \\S+ saw 10.12.0.1"),
                one(
                        "inbound v6, second interface",
                        Shot.in("fd12::2", 7070),
                        "application \\S+ saw fd12::1"));
    }

    private static TrafficGroup excludedInterface() {
        return new TrafficGroup(
                "excluded interface",
                false,
                flags("-u 1337 -i * -b * -c eth1 --dual-stack"),
                Map.of(),
                List.of(),
                firstInterfaceOnly());
    }

    private static TrafficGroup includedInterface() {
        return new TrafficGroup(
                "included interface",
                false,
                flags("-u 1337 -i * -b * --include-interfaces eth0 --dual-stack"),
                Map.of(),
                List.of(),
                firstInterfaceOnly());
    }

    private static TrafficGroup listed() {
        return new TrafficGroup(
                "listed ranges and ports",
                false,
                flags("-u 1337 -i 10.11.0.0/24,fd11::/64 -b 7070 -q 8443 --dual-stack"),
                Map.of(),
                List.of(),
                List.of(
                        one(
                                "in range v4",
                                Shot.out("10.11.0.1", 8080),
                                captured("outbound", "10.11.0.1:8080", "upstream")),
                        one(
                                "in range v6",
                                Shot.out("fd11::1", 8080),
                                captured("outbound", "[fd11::1]:8080", "upstream")),
                        one("out of range v4", Shot.out("10.12.0.1", 8080), direct("upstream")),
                        one("out of range v6", Shot.out("fd12::1", 8080), direct("upstream")),
                        one(
                                "listed port out of range",
                                Shot.out("10.12.0.1", 8443),
                                captured("outbound", "10.12.0.1:8443", "upstream")),
                        one(
                                "listed inbound port",
                                Shot.in("10.11.0.2", 7070),
                                captured("inbound", "10.11.0.2:7070", "application")),
                        one(
                                "unlisted inbound port",
                                Shot.in("10.11.0.2", 8081),
                                direct("application"))));
    }

    private static TrafficGroup ownerGroups() {
        return new TrafficGroup(
                "owner groups",
                false,
                flags("-u 1337 -i * --dual-stack"),
                Map.of("ISTIO_OUTBOUND_OWNER_GROUPS", String.valueOf(OTHER)),
                List.of(),
                List.of(
                        one(
                                "group that is named",
                                Shot.out("10.11.0.1", 8080).by(APP, OTHER),
                                captured("outbound", "10.11.0.1:8080", "upstream")),
                        one("group that is not", Shot.out("10.11.0.1", 8080), direct("upstream")),
                        one(
                                "inbound, none asked for",
                                Shot.in("10.11.0.2", 7070),
                                direct("application"))));
    }

    private static TrafficGroup excludedOwnerGroups() {
        return new TrafficGroup(
                "excluded owner groups",
                false,
                flags("-u 1337 -i * --dual-stack"),
                Map.of("ISTIO_OUTBOUND_OWNER_GROUPS_EXCLUDE", String.valueOf(OTHER)),
                List.of(),
                List.of(
                        one(
                                "group that is excluded",
                                Shot.out("10.11.0.1", 8080).by(APP, OTHER),
                                direct("upstream")),
                        one(
                                "group that is not",
                                Shot.out("10.11.0.1", 8080),
                                captured("outbound", "10.11.0.1:8080", "upstream"))));
    }

    private static TrafficGroup nameServers() {
        return new TrafficGroup(
                "name servers of resolv.conf",
                false,
                flags("-u 1337 --redirect-dns --dual-stack"),
                Map.of(),
                List.of("10.11.0.1", "fd11::1"),
                List.of(
                        one(
                                "named server v4",
                                Shot.udp("10.11.0.1", 53),
                                "agent: upstream udp answers who\\?"),
                        one(
                                "named server v6",
                                Shot.udp("fd11::1", 53),
                                "agent: upstream udp answers who\\?"),
                        one("named server over TCP", Shot.out("10.11.0.1", 53), "agent tcp .*"),
                        one(
                                "other server",
                                Shot.udp("10.12.0.1", 53),
                                "upstream udp answers who\\?"),
                        one(
                                "other server over TCP",
                                Shot.out("10.12.0.1", 53),
                                direct("upstream"))));
    }

    private static TrafficGroup virtualInterface() {
        return new TrafficGroup(
                "interface of a virtual machine",
                false,
                flags("-u 1337 -i * -b * -k eth1 --dual-stack"),
                Map.of(),
                List.of(),
                List.of(
                        one(
                                "from it: outbound",
                                Shot.in("10.12.0.2", 7070),
                                "outbound 10.12.0.2:7070 from 10.12.0.1 \\| inbound 10.12.0.2:7070"
                                        + " .*application .*"),
                        one(
                                "from another: inbound",
                                Shot.in("10.11.0.2", 7070),
                                captured("inbound", "10.11.0.2:7070", "application"))));
    }

    private static TrafficGroup tproxy() {
        return new TrafficGroup(
                "TPROXY",
                true,
                flags("-u 1337 -m TPROXY -i * -b * -d 15021 --dual-stack"),
                Map.of(),
                List.of(),
                List.of(
                        one(
                                "inbound v4 keeps the client's address",
                                Shot.in("10.11.0.2", 7070),
                                "inbound 10.11.0.2:7070 from 10.11.0.1 \\| application"
                                        + " 10.11.0.2:7070 saw 10.11.0.1"),
                        one(
                                "inbound v6 keeps the client's address",
                                Shot.in("fd11::2", 7070),
                                "inbound \\[fd11::2\\]:7070 from fd11::1 \\| application"
                                        + " \\[fd11::2\\]:7070 saw fd11::1"),
                        one(
                                "inbound, second interface",
                                Shot.in("10.12.0.2", 7070),
                                "inbound 10.12.0.2:7070 from 10.12.0.1 \\| application"
                                        + " 10.12.0.2:7070 saw 10.12.0.1"),
                        one("health probe", Shot.in("10.11.0.2", 15021), seenFromPeer()),
                        one(
                                "outbound v4",
                                Shot.out("10.11.0.1", 8080),
                                captured("outbound", "10.11.0.1:8080", "upstream")),
                        one(
                                "outbound v6",
                                Shot.out("fd11::1", 8080),
                                captured("outbound", "[fd11::1]:8080", "upstream"))));
    }

    private static TrafficGroup nothing() {
        return new TrafficGroup(
                "no flags",
                false,
                flags("-u 1337 --dual-stack"),
                Map.of(),
                List.of(),
                List.of(
                        one("outbound", Shot.out("10.11.0.1", 8080), direct("upstream")),
                        one("inbound", Shot.in("10.11.0.2", 7070), direct("application"))));
    }
}
