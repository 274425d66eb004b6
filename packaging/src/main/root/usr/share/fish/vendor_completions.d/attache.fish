complete -c attache -n __fish_use_subcommand -a 'agent onboard leave iptables intercept explain xds top train' -f
complete -c attache -s c -l config-path -r -d 'Bootstrap'
complete -c attache -l mode -x -a 'serve validate' -d 'Serve, or validate and exit'
complete -c attache -l concurrency -x -d 'Workers'
complete -c attache -s l -l log-level -x -a 'trace debug info warning error critical off' -d 'Level of the log'
complete -c attache -l log-path -r -d 'File of the log'
complete -c attache -l shutdown-drain-s -x -d 'Seconds that SIGTERM gives'
complete -c attache -l version -d 'Print the version'
complete -c attache -l help -d 'Print all options'
complete -c attache -n '__fish_seen_subcommand_from agent' -a 'proxy start status wait request version' -f
complete -c attache -n '__fish_seen_subcommand_from intercept' -a 'status explain ebpf cleanup' -f
