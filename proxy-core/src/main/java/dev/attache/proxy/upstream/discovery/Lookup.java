package dev.attache.proxy.upstream.discovery;

import dev.attache.proxy.upstream.spec.DnsSpec.LookupFamily;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsServerAddressStream;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One question of ours, which may be several of DNS: per candidate name, per address family. */
final class Lookup {

    private final DnsNameResolver resolver;
    private final DnsServerAddressStreamProvider servers;
    private final Iterator<String> names;
    private final LookupFamily family;
    private final NameResolver.Callback callback;
    private final List<NameResolver.Record> found = new ArrayList<>();
    private String name = "";
    private @Nullable Throwable failure;
    private DnsTrouble nothing = DnsTrouble.NO_DATA;

    Lookup(
            DnsNameResolver resolver,
            DnsServerAddressStreamProvider servers,
            List<String> names,
            LookupFamily family,
            NameResolver.Callback callback) {
        this.resolver = resolver;
        this.servers = servers;
        this.names = names.iterator();
        this.family = family;
        this.callback = callback;
    }

    /** Tries the next candidate, or answers. */
    void next() {
        if (!found.isEmpty() || !names.hasNext()) {
            finish();
            return;
        }
        name = names.next();
        switch (family) {
            case V4_ONLY -> ask(DnsRecordType.A, this::next);
            case V6_ONLY -> ask(DnsRecordType.AAAA, this::next);
            case AUTO -> ask(DnsRecordType.AAAA, () -> elseAsk(DnsRecordType.A));
            case V4_PREFERRED -> ask(DnsRecordType.A, () -> elseAsk(DnsRecordType.AAAA));
            case ALL -> ask(DnsRecordType.AAAA, () -> ask(DnsRecordType.A, this::next));
        }
    }

    private void elseAsk(DnsRecordType type) {
        if (found.isEmpty()) {
            ask(type, this::next);
        } else {
            next();
        }
    }

    private void finish() {
        Throwable why = failure;
        if (found.isEmpty() && why != null) {
            callback.onFailed(why);
        } else if (found.isEmpty()) {
            callback.onNothing(nothing);
        } else {
            callback.onResolved(List.copyOf(found));
        }
    }

    private void ask(DnsRecordType type, Runnable then) {
        DnsQuestion question;
        try {
            question = new DefaultDnsQuestion(name, type);
        } catch (IllegalArgumentException e) {
            // Labels of 64 characters, empty ones, no ASCII form: nobody needs to be asked.
            failure = new DnsTrouble.Failure(DnsTrouble.NO_NAME, "not a domain name: " + name);
            then.run();
            return;
        }
        DnsServerAddressStream turns = servers.nameServerAddressStream(name);
        new DnsExchange(resolver, question, turns, new Answered(then)).start();
    }

    /**
     * The addresses among the records of an answer; releases none.
     *
     * @throws UnknownHostException where one has not the size of its type
     */
    static List<NameResolver.Record> addresses(List<DnsRecord> records, DnsRecordType type)
            throws UnknownHostException {
        List<NameResolver.Record> found = new ArrayList<>(records.size());
        for (DnsRecord each : records) {
            if (each instanceof DnsRawRecord raw && each.type().equals(type)) {
                found.add(new NameResolver.Record(address(raw, type), each.timeToLive()));
            }
        }
        return found;
    }

    private static InetAddress address(ByteBufHolder raw, DnsRecordType type)
            throws UnknownHostException {
        byte[] bytes = ByteBufUtil.getBytes(raw.content());
        if (type.equals(DnsRecordType.A)) {
            if (bytes.length != 4) {
                throw new UnknownHostException("A record of " + bytes.length + " octets");
            }
            return InetAddress.getByAddress(bytes);
        }
        // Java would take an IPv4-mapped address for the IPv4 address in it.
        return Inet6Address.getByAddress(null, bytes, -1);
    }

    /** Goes on whatever came of a question. */
    private final class Answered implements DnsExchange.Answer {
        private final Runnable then;

        Answered(Runnable then) {
            this.then = then;
        }

        @Override
        public void found(List<NameResolver.Record> records) {
            found.addAll(records);
            then.run();
        }

        @Override
        public void nothing(DnsTrouble why) {
            nothing = why;
            then.run();
        }

        @Override
        public void failed(Throwable why) {
            failure = why;
            then.run();
        }
    }
}
