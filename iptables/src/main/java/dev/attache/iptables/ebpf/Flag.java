package dev.attache.iptables.ebpf;

import java.util.Locale;

/**
 * The flags of the command. Those of istio-iptables keep its names, short forms and defaults, and
 * like there an environment variable of the flag's name in upper case stands in for the flag.
 */
enum Flag {
    ENVOY_PORT("p", "15001", "port where the proxy takes outbound connections"),
    INBOUND_CAPTURE_PORT("z", "15006", "port where the proxy takes inbound connections"),
    INBOUND_TUNNEL_PORT("e", "15008", "port of tunnels between proxies, never intercepted"),
    PROXY_UID("u", "", "users that are the proxy, by number (default: user istio-proxy, or 1337)"),
    PROXY_GID("g", "", "groups that are the proxy, by number (default: as the users)"),
    ISTIO_SERVICE_CIDR("i", "", "destinations to intercept: address blocks, or *"),
    ISTIO_SERVICE_EXCLUDE_CIDR("x", "", "destinations not to intercept"),
    ISTIO_OUTBOUND_PORTS("q", "", "outbound ports to intercept whatever the address"),
    ISTIO_LOCAL_OUTBOUND_PORTS_EXCLUDE("o", "", "outbound ports not to intercept"),
    ISTIO_INBOUND_PORTS("b", "", "inbound ports to intercept, or *"),
    ISTIO_LOCAL_EXCLUDE_PORTS("d", "", "inbound ports not to intercept, with -b '*'"),
    ISTIO_EXCLUDE_INTERFACES("c", "", "interfaces whose connections are not intercepted"),
    INCLUDE_INTERFACES("", "", "interfaces whose connections alone are intercepted"),
    ISTIO_INBOUND_INTERCEPTION_MODE("m", "REDIRECT", "REDIRECT; TPROXY is not possible here"),
    REDIRECT_DNS("", Flag.FALSE, "intercept queries to the servers of /etc/resolv.conf"),
    CAPTURE_ALL_DNS("", Flag.FALSE, "intercept queries to any server"),
    DUAL_STACK("", Flag.FALSE, "intercept IPv6 whenever the host has an IPv6 address"),
    NETWORK_NAMESPACE("", "/proc/self/ns/net", "file of the network namespace to intercept in"),
    CGROUP("", "", "directory of the cgroup whose connections are intercepted: a pod's"),
    UNIT("", "", "systemd unit whose connections are intercepted, in place of --cgroup"),
    PROXY_CGROUP("", "", "directory of the proxy's cgroup; who is in it is the proxy"),
    PROXY_UNIT("", "", "systemd unit of the proxy, in place of --proxy-cgroup"),
    PROXY_MARK("", "0", "socket mark of the proxy's connections"),
    DNS_PORT("", "15053", "port on the loopback address where the proxy answers queries"),
    PIN_DIR("", "", "directory of the pins (default: /sys/fs/bpf/attache/ and the cgroup's name)"),
    NO_SOCKMAP("", Flag.FALSE, "send bytes through TCP even between two sockets of this host"),
    DRY_RUN("n", Flag.FALSE, "print the maps and programs, change nothing"),
    HELP("h", Flag.FALSE, "print this");

    static final String FALSE = "false";

    private final String brief;
    private final String otherwise;
    private final String help;

    Flag(String brief, String otherwise, String help) {
        this.brief = brief;
        this.otherwise = otherwise;
        this.help = help;
    }

    /** Returns the form on the command line, such as {@code --proxy-uid}. */
    String spelling() {
        return "--" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the value when neither the command line nor the environment gives one. */
    String otherwise() {
        return otherwise;
    }

    /** Tells whether it stands alone, without a value. */
    boolean isSwitch() {
        return otherwise.equals(FALSE);
    }

    /**
     * Returns the environment variable that stands in for it, as istio-iptables reads it; the port
     * of outbound connections has none there, and none here.
     */
    String variable() {
        return this == ENVOY_PORT || this == HELP ? "" : name();
    }

    /** Tells whether it says how to intercept, rather than where or what to do. */
    boolean isPolicy() {
        return switch (this) {
            case NETWORK_NAMESPACE, CGROUP, UNIT, PROXY_CGROUP, PROXY_UNIT -> false;
            case PIN_DIR, DRY_RUN, HELP -> false;
            default -> true;
        };
    }

    boolean matches(String argument) {
        return argument.equals(spelling()) || !brief.isEmpty() && argument.equals("-" + brief);
    }

    String line() {
        String name = brief.isEmpty() ? "    " + spelling() : "-" + brief + ", " + spelling();
        String value = otherwise.isEmpty() || isSwitch() ? "" : " (default: " + otherwise + ")";
        return String.format("  %-42s %s%s%n", name, help, value);
    }
}
