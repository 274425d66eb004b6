package dev.attache.iptables.ebpf;

import dev.attache.iptables.ebpf.Hook.Place;
import dev.attache.iptables.ebpf.program.Cidr;
import dev.attache.iptables.ebpf.program.Maps;
import dev.attache.iptables.ebpf.program.Policy;
import dev.attache.iptables.kernel.BpfFilesystem;
import dev.attache.iptables.kernel.BpfLink;
import dev.attache.iptables.kernel.BpfMap;
import dev.attache.iptables.kernel.BpfProgram;
import dev.attache.iptables.kernel.Descriptor;
import dev.attache.iptables.kernel.ForeignSocket;
import dev.attache.iptables.kernel.KernelException;
import dev.attache.iptables.kernel.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Attaches a policy. Everything is loaded and verified before the first change; a second run with
 * the same policy changes nothing; a run with another one replaces programs in place, so that no
 * connection meets a gap. A failure halfway takes away what this run had put.
 */
final class Attachment {
    private static final int CHANGES_TOLD = 20;

    private final Target target;
    private final Policy policy;
    private final Host host;
    private final About about;
    private final List<String> changes = new ArrayList<>();

    /**
     * @param about what to remember of this attachment; hooks are added to it
     */
    Attachment(Target target, Policy policy, Host host, About about) {
        this.target = target;
        this.policy = policy;
        this.host = host;
        this.about = about;
    }

    /**
     * Attaches.
     *
     * @return what was changed, one line each, empty if all was in place
     * @throws EbpfException if the kernel cannot, or the caller may not
     */
    List<String> attach() throws IOException {
        about.requireRoom();
        boolean fresh = !Files.exists(target.pins().directory());
        Map<Hook, BpfProgram> programs = new LinkedHashMap<>();
        try (PinnedMaps maps = load(programs)) {
            About before = About.read(maps.get(Maps.ABOUT));
            Files.createDirectories(target.pins().directory());
            apply(maps, programs, before);
        } catch (IOException | RuntimeException e) {
            if (fresh) {
                new Detachment(target.pins()).detach();
            }
            throw e;
        } finally {
            for (BpfProgram program : programs.values()) {
                program.close();
            }
        }
        return changes;
    }

    private PinnedMaps load(Map<Hook, BpfProgram> programs) throws IOException {
        try {
            BpfFilesystem.mount();
            PinnedMaps maps = PinnedMaps.openOrCreate(target.pins());
            try {
                for (Hook hook : Plan.of(policy, target.proxyElsewhere())) {
                    byte[] code = hook.code().encode(map -> maps.get(map).number());
                    programs.put(hook, BpfProgram.load(hook.name(), hook.type(), code));
                }
                return maps;
            } catch (IOException | RuntimeException e) {
                maps.close();
                throw e;
            }
        } catch (KernelException e) {
            throw EbpfException.unsupported(Support.explain(e), e);
        }
    }

    private void apply(PinnedMaps maps, Map<Hook, BpfProgram> programs, About before)
            throws IOException {
        int pinned = maps.pin();
        if (pinned > 0) {
            changes.add("pinned " + pinned + " maps in " + target.pins());
        }
        synchronize(maps.get(Maps.LOCAL), host.localEntries());
        synchronize(maps.get(Maps.ROUTES), host.routeEntries());
        if (policy.inbound().enabled() && before.get("hook.sk_lookup") == null) {
            seedListeners(maps.get(Maps.LISTENERS));
        }
        inboundSource(maps, before);
        removeObsolete(programs.keySet());
        for (Map.Entry<Hook, BpfProgram> entry : programs.entrySet()) {
            attach(entry.getKey(), entry.getValue(), maps, before);
        }
        if (changes.isEmpty()) {
            return;
        }
        about.write(maps.get(Maps.ABOUT));
    }

    /** Makes a map of what the host looks like say what it looks like now. */
    private void synchronize(BpfMap map, Map<String, String> wanted) throws KernelException {
        Map<String, String> present = entries(map);
        int before = changes.size();
        for (Map.Entry<String, String> entry : wanted.entrySet()) {
            if (!entry.getValue().equals(present.get(entry.getKey()))) {
                map.put(bytes(entry.getKey()), bytes(entry.getValue()));
                changes.add("noted " + map.spec().name() + " " + describe(entry.getKey()));
            }
        }
        for (String key : present.keySet()) {
            if (!wanted.containsKey(key)) {
                map.remove(bytes(key));
                changes.add("dropped " + map.spec().name() + " " + describe(key));
            }
        }
        summarize(before, map.spec().name());
    }

    /** A host with a thousand routes need not have them all told. */
    private void summarize(int before, String map) {
        if (changes.size() - before > CHANGES_TOLD) {
            int count = changes.size() - before;
            changes.subList(before, changes.size()).clear();
            changes.add("changed " + count + " entries of the map " + map);
        }
    }

    private static byte[] bytes(String hexadecimal) {
        return HexFormat.of().parseHex(hexadecimal);
    }

    /** Returns the block that a key of a map by longest prefix stands for. */
    static String describe(String key) {
        byte[] bytes = bytes(key);
        InetAddress address = Cidr.unmapped(Arrays.copyOfRange(bytes, 4, 20));
        int length = bytes[0] & 0xff;
        return address.getHostAddress()
                + "/"
                + (address.getAddress().length == 4 ? length - 96 : length);
    }

    /** Returns a map's entries, keys and values in hexadecimal. */
    static Map<String, String> entries(BpfMap map) throws KernelException {
        Map<String, String> entries = new TreeMap<>();
        for (byte[] key : map.keys()) {
            byte[] value = map.get(key);
            if (value != null) {
                entries.put(HexFormat.of().formatHex(key), HexFormat.of().formatHex(value));
            }
        }
        return entries;
    }

    /**
     * Gives the host the address from which the proxy connects to the application on behalf of
     * inbound IPv6 connections; the one of IPv4, 127.0.0.6, is there by itself.
     */
    private void inboundSource(PinnedMaps maps, About before) throws IOException {
        if (before.get(About.SOURCE6) != null) {
            about.put(About.SOURCE6, About.ADDED);
        } else if (policy.ipv6()) {
            boolean added =
                    NetworkNamespace.in(
                            target.namespace(),
                            () -> NetworkNamespace.addLoopbackAddress(About.inboundSource6()));
            if (added) {
                about.put(About.SOURCE6, About.ADDED);
                about.write(maps.get(Maps.ABOUT));
                changes.add("added address ::6 to the loopback interface");
            }
        }
    }

    /** Enters the listeners that the proxy opened before the programs were there to see it. */
    private void seedListeners(BpfMap map) throws IOException {
        int port = policy.proxy().inboundPort();
        ForeignSocket.Found found =
                NetworkNamespace.in(target.namespace(), () -> ForeignSocket.listeners(port));
        int slot = 0;
        for (Descriptor socket : found.sockets()) {
            try (socket) {
                if (slot < map.spec().entries()) {
                    map.put(slot++, socket);
                }
            }
        }
        if (slot > 0) {
            changes.add("found " + slot + " listeners on port " + port);
        }
        if (found.unreachable() > 0) {
            changes.add(
                    "cannot reach "
                            + found.unreachable()
                            + " listeners on port "
                            + port
                            + ": restart the proxy to have them noticed");
        }
    }

    /** Takes off what an earlier attachment had and this one has not. */
    private void removeObsolete(Set<Hook> hooks) throws IOException {
        Set<String> wanted = hooks.stream().map(Hook::name).collect(Collectors.toSet());
        for (String name : new Detachment(target.pins()).attached()) {
            if (!wanted.contains(name)) {
                new Detachment(target.pins()).take(name);
                changes.add("detached " + name);
            }
        }
    }

    private void attach(Hook hook, BpfProgram program, PinnedMaps maps, About before)
            throws IOException {
        String now = hook.code().digest();
        String known = "hook." + hook.name();
        boolean same = before.getOr(known, "").startsWith(now + " ");
        about.put(known, before.getOr(known, ""));
        boolean changed =
                hook.place() == Place.PAIRS
                        ? attachToPairs(hook, program, maps, same)
                        : attachToFile(hook, program, same, before);
        if (changed) {
            about.put(known, now + " " + program.info().id());
        }
    }

    private boolean attachToPairs(Hook hook, BpfProgram program, PinnedMaps maps, boolean same)
            throws IOException {
        boolean pinned = Files.exists(target.pins().program(hook.name()));
        if (pinned && same) {
            return false;
        }
        program.attachTo(maps.get(Maps.PAIRS));
        Files.deleteIfExists(target.pins().program(hook.name()));
        program.pin(target.pins().program(hook.name()));
        changes.add("attached " + hook.name() + " to the map of pairs");
        return true;
    }

    private boolean attachToFile(Hook hook, BpfProgram program, boolean same, About before)
            throws IOException {
        if (Files.exists(target.pins().link(hook.name()))) {
            try (BpfLink link = BpfLink.open(target.pins().link(hook.name()))) {
                BpfLink.LinkInfo info = link.info();
                if (info.target() == target.id(hook.place())) {
                    String id = before.getOr("hook." + hook.name(), "").replaceFirst(".* ", "");
                    if (same && id.equals(Integer.toString(info.programId()))) {
                        return false;
                    }
                    link.replace(program);
                    changes.add("replaced the program of " + hook.name());
                    return true;
                }
            }
            new Detachment(target.pins()).take(hook.name());
        }
        try (Descriptor place = Descriptor.open(target.path(hook.place()));
                BpfLink link = BpfLink.create(program, place, hook.type())) {
            link.pin(target.pins().link(hook.name()));
            changes.add("attached " + hook.name() + " to " + target.path(hook.place()));
            return true;
        } catch (KernelException e) {
            throw EbpfException.unsupported(Support.explain(e), e);
        }
    }
}
