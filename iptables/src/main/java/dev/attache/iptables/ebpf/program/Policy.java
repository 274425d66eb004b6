package dev.attache.iptables.ebpf.program;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be intercepted, as the flags say. The order in which the parts are asked is that of
 * the chains ISTIO_OUTPUT and ISTIO_INBOUND of istio-iptables. Immutable.
 *
 * @param interfaces whose connections, either way
 * @param ipv6 whether IPv6 connections are intercepted at all
 * @param multipath whether this kernel has MPTCP
 * @param owner how to tell who opened a socket; null to go by the running process
 * @param layout what lets bytes between application and proxy skip the TCP stack; null to not do so
 */
public record Policy(
        Proxy proxy,
        Outbound outbound,
        Inbound inbound,
        Dns dns,
        Interfaces interfaces,
        boolean ipv6,
        boolean multipath,
        @Nullable OwnerLayout owner,
        @Nullable KernelLayout layout) {

    /** Tells whether bytes between application and proxy skip the TCP stack. */
    public boolean shortcut() {
        return layout != null;
    }

    /** Returns the policy for the proxy's own cgroup, where nothing is an application's. */
    public Policy ofProxyAlone() {
        Outbound nothing =
                new Outbound(false, List.of(), List.of(), List.of(), List.of(), null, List.of());
        Dns none = new Dns(false, dns.port(), false, List.of());
        return new Policy(
                proxy, nothing, inbound, none, interfaces, ipv6, multipath, owner, layout);
    }

    /**
     * The proxy: where it listens and how its own connections are recognised.
     *
     * @param outboundPort where connections of the application go
     * @param inboundPort where connections to the application go
     * @param tunnelPort where other proxies' tunnels arrive; never intercepted
     * @param uids users whose connections are the proxy's
     * @param gids groups whose connections are the proxy's
     * @param mark socket mark of the proxy's connections, 0 for none
     * @param cgroup cgroup whose connections are the proxy's, null for none
     */
    public record Proxy(
            int outboundPort,
            int inboundPort,
            int tunnelPort,
            List<Integer> uids,
            List<Integer> gids,
            int mark,
            @Nullable CgroupRef cgroup) {
        public Proxy {
            uids = List.copyOf(uids);
            gids = List.copyOf(gids);
        }
    }

    /**
     * A cgroup as a program can recognise it.
     *
     * @param id the kernel's number of it
     * @param level its depth below the root of the hierarchy, the root being 0
     */
    public record CgroupRef(long id, int level) {}

    /**
     * Connections of the application.
     *
     * @param all whether every destination is intercepted
     * @param blocks destinations that are intercepted when not all are
     * @param excludedBlocks destinations that are not
     * @param ports ports that are intercepted whatever the address
     * @param excludedPorts ports that are not
     * @param groups groups of which alone connections are intercepted, null for every group
     * @param excludedGroups groups of which they are not
     */
    public record Outbound(
            boolean all,
            List<Cidr> blocks,
            List<Cidr> excludedBlocks,
            List<Integer> ports,
            List<Integer> excludedPorts,
            @Nullable List<Integer> groups,
            List<Integer> excludedGroups) {
        public Outbound {
            blocks = List.copyOf(blocks);
            excludedBlocks = List.copyOf(excludedBlocks);
            ports = List.copyOf(ports);
            excludedPorts = List.copyOf(excludedPorts);
            groups = groups == null ? null : List.copyOf(groups);
            excludedGroups = List.copyOf(excludedGroups);
        }

        /** Tells whether loopback is to be intercepted, too, because a block names it. */
        boolean includesLoopback() {
            return blocks.stream().anyMatch(Cidr::isLoopback);
        }
    }

    /**
     * Connections to the application from outside this host.
     *
     * @param all whether every port is intercepted
     * @param ports ports that are intercepted when not all are
     * @param excludedPorts ports that are not; of effect only with all
     * @param namespace cookie of the network namespace whose listeners count
     */
    public record Inbound(
            boolean all, List<Integer> ports, List<Integer> excludedPorts, long namespace) {
        public Inbound {
            ports = List.copyOf(ports);
            excludedPorts = List.copyOf(excludedPorts);
        }

        /** Tells whether anything is intercepted. */
        public boolean enabled() {
            return all || !ports.isEmpty();
        }
    }

    /**
     * Network interfaces, by their index.
     *
     * @param included those alone whose connections are intercepted; empty for all
     * @param excluded those whose connections are not
     */
    public record Interfaces(List<Integer> included, List<Integer> excluded) {
        public Interfaces {
            included = List.copyOf(included);
            excluded = List.copyOf(excluded);
        }
    }

    /**
     * Queries of the application to port 53.
     *
     * @param port where the proxy answers, on the loopback address
     * @param all whether queries to any server are intercepted
     * @param servers the servers, when not all
     */
    public record Dns(boolean enabled, int port, boolean all, List<Cidr> servers) {
        public Dns {
            servers = List.copyOf(servers);
        }
    }
}
