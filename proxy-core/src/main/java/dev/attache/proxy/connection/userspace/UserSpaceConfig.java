package dev.attache.proxy.connection.userspace;

import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;

/** What can be set on an end of an internal connection as on a socket. Owned by its channel. */
final class UserSpaceConfig extends DefaultChannelConfig {

    private final UserSpaceChannel end;
    private boolean halfClosure;
    private boolean lingers = true;

    UserSpaceConfig(UserSpaceChannel end) {
        super(end);
        this.end = end;
    }

    /** The peer's end is an event; without it, it closes the channel. */
    boolean halfClosure() {
        return halfClosure;
    }

    /** To be closed by a reset: {@code SO_LINGER} 0. */
    boolean resets() {
        return !lingers;
    }

    @Override
    public <T> boolean setOption(ChannelOption<T> option, T value) {
        if (option == ChannelOption.ALLOW_HALF_CLOSURE) {
            halfClosure = (Boolean) value;
            return true;
        }
        if (option == ChannelOption.SO_LINGER) {
            lingers = (Integer) value != 0;
            return true;
        }
        return super.setOption(option, value);
    }

    @Override
    protected void autoReadCleared() {
        end.stopReading();
    }
}
