package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.Hook.Place;
import dev.attache.iptables.ebpf.program.AnswerProgram;
import dev.attache.iptables.ebpf.program.ConnectionProgram;
import dev.attache.iptables.ebpf.program.InboundProgram;
import dev.attache.iptables.ebpf.program.KernelLayout;
import dev.attache.iptables.ebpf.program.OriginalProgram;
import dev.attache.iptables.ebpf.program.Policy;
import dev.attache.iptables.ebpf.program.RedirectProgram;
import dev.attache.iptables.ebpf.program.ShortcutProgram;
import dev.attache.iptables.kernel.AttachType;
import java.util.ArrayList;
import java.util.List;

/** Which programs a policy needs, in the order in which they are attached. */
final class Plan {
    private Plan() {}

    /**
     * Returns the hooks. What the proxy needs comes before what sends connections to it.
     *
     * @param proxyElsewhere whether the proxy's cgroup is not inside the application's
     */
    static List<Hook> of(Policy policy, boolean proxyElsewhere) {
        List<Hook> hooks = new ArrayList<>();
        Place proxy = proxyElsewhere ? Place.PROXY : Place.APPLICATION;
        KernelLayout layout = policy.layout();
        if (layout != null) {
            AttachType type = AttachType.SK_MSG_VERDICT;
            hooks.add(new Hook("shortcut", type, Place.PAIRS, ShortcutProgram.of(layout)));
        }
        if (proxyElsewhere) {
            Policy own = policy.ofProxyAlone();
            hooks.add(sockops("proxy_sockops", proxy, own));
            hooks.add(connect("proxy_connect4", AttachType.CONNECT4, proxy, own));
            hooks.add(connect("proxy_connect6", AttachType.CONNECT6, proxy, own));
        }
        hooks.add(new Hook("getsockopt", AttachType.GETSOCKOPT, proxy, OriginalProgram.of(policy)));
        hooks.add(sockops("sockops", Place.APPLICATION, policy));
        answers(hooks, policy);
        if (policy.inbound().enabled()) {
            AttachType type = AttachType.SK_LOOKUP;
            hooks.add(new Hook("sk_lookup", type, Place.NAMESPACE, InboundProgram.of(policy)));
        }
        hooks.add(connect("connect4", AttachType.CONNECT4, Place.APPLICATION, policy));
        hooks.add(connect("connect6", AttachType.CONNECT6, Place.APPLICATION, policy));
        if (policy.dns().enabled()) {
            hooks.add(sendmsg("sendmsg4", AttachType.SENDMSG4, policy));
            hooks.add(sendmsg("sendmsg6", AttachType.SENDMSG6, policy));
        }
        return hooks;
    }

    private static void answers(List<Hook> hooks, Policy policy) {
        for (boolean ipv6 : new boolean[] {false, true}) {
            AttachType peer = ipv6 ? AttachType.GETPEERNAME6 : AttachType.GETPEERNAME4;
            hooks.add(
                    new Hook(
                            ipv6 ? "getpeername6" : "getpeername4",
                            peer,
                            Place.APPLICATION,
                            AnswerProgram.getpeername(ipv6)));
            if (policy.dns().enabled()) {
                AttachType receive = ipv6 ? AttachType.RECVMSG6 : AttachType.RECVMSG4;
                hooks.add(
                        new Hook(
                                ipv6 ? "recvmsg6" : "recvmsg4",
                                receive,
                                Place.APPLICATION,
                                AnswerProgram.recvmsg(policy, ipv6)));
            }
        }
    }

    private static Hook sockops(String name, Place place, Policy policy) {
        return new Hook(name, AttachType.SOCK_OPS, place, ConnectionProgram.of(policy));
    }

    private static Hook connect(String name, AttachType type, Place place, Policy policy) {
        boolean ipv6 = type == AttachType.CONNECT6;
        return new Hook(name, type, place, RedirectProgram.connect(policy, ipv6));
    }

    private static Hook sendmsg(String name, AttachType type, Policy policy) {
        boolean ipv6 = type == AttachType.SENDMSG6;
        return new Hook(name, type, Place.APPLICATION, RedirectProgram.sendmsg(policy, ipv6));
    }
}
