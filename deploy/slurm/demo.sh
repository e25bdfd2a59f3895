#!/bin/bash
# Shows that it works: a real slurmctld and two slurmd on this machine, a run in 8 shards, one of them killed and queued
# again, merged, and compared byte for byte with the run in one piece. Everything lies in a folder that goes in the end.
#
#   apt-get install slurm-wlm; bash deploy/slurm/demo.sh [TIER [SEED]]
#
# Exit status 0: the same bytes. It takes root, as slurmd does.
set -eu
tier=${1:-nightly} seed=${2:-1} shards=8
here=$(cd "$(dirname "$0")/../.." && pwd)
for tool in slurmctld slurmd sbatch squeue scontrol munged; do
  command -v "$tool" > /dev/null || { echo "demo.sh needs $tool: apt-get install slurm-wlm" >&2; exit 2; }
done

dir=$(mktemp -d /tmp/irqbypass-spec-slurm.XXXXXX)
chmod 755 "$dir"
pids=()
finish() {
  scancel --user="$(id -un)" > /dev/null 2>&1 || true
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$dir"
}
trap finish EXIT

# Who may speak to whom: a key of its own, so that no other cluster on this machine is touched.
dd if=/dev/urandom of="$dir/munge.key" bs=1024 count=1 status=none
chmod 400 "$dir/munge.key"
munged --foreground --force --socket="$dir/munge.socket" --key-file="$dir/munge.key" --pid-file="$dir/munge.pid" \
  --log-file="$dir/munge.log" --seed-file="$dir/munge.seed" 2> "$dir/munge.err" &
pids+=($!)

mkdir -p "$dir/state" "$dir/n1" "$dir/n2" "$dir/shards"
host=$(hostname -s)
export SLURM_CONF=$dir/slurm.conf
cat > "$SLURM_CONF" << CONF
ClusterName=demo
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/%n
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/%n.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1,batch_sched_delay=0
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=16818 CPUs=1
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=16819 CPUs=1
PartitionName=all Nodes=n1,n2 Default=YES State=UP MaxTime=INFINITE
CONF

until_true() { # until_true WHAT COMMAND...
  local what=$1 left=600
  shift
  until "$@"; do
    left=$((left - 1))
    [ "$left" -gt 0 ] || { echo "demo.sh: $what did not come about" >&2; tail -n 20 "$dir"/*.log >&2; exit 2; }
    sleep 0.2
  done
}
until_true 'a running munged' test -S "$dir/munge.socket"
slurmctld -D > /dev/null 2>&1 &
pids+=($!)
for node in n1 n2; do
  slurmd -D -N "$node" > /dev/null 2>&1 &
  pids+=($!)
done
idle() { [ "$(sinfo --noheader --Node --states=idle 2> /dev/null | wc -l)" -eq 2 ]; }
until_true 'two nodes that are idle' idle

echo "a run of tier $tier in $shards shards, on $(sinfo --noheader --Node | wc -l) nodes of Slurm $(slurmctld -V | cut -d' ' -f2)"
# The first time, shard 2 is not done before it is killed, however small the run is.
cat > "$dir/spec" << SPEC
#!/bin/bash
node "$here/dist/cli/main.js" "\$@" || exit
[ "\$SLURM_ARRAY_TASK_ID" != 2 ] || [ -n "\${SLURM_RESTART_COUNT:-}" ] || sleep 600
SPEC
chmod +x "$dir/spec"
job=$(SEED=$seed TIER=$tier OUT=$dir/shards IRQBYPASS_SPEC="$dir/spec" \
  sbatch --parsable --array="1-$shards" --output="$dir/%a.log" "$here/deploy/slurm/shards.sbatch")

state() { squeue --noheader --job "${job}_2" --format=%T 2> /dev/null; }
runs() { [ "$(state)" = RUNNING ]; }
until_true 'shard 2 that runs' runs
scontrol requeue "${job}_2"
echo "shard 2 was killed while it ran, and is queued again: $(state)"

done_all() { [ -z "$(squeue --noheader --job "$job" 2> /dev/null)" ]; }
while ! done_all; do
  # What was queued again waits two minutes by default: it may start at once.
  scontrol update JobId="${job}_2" StartTime=now > /dev/null 2>&1 || true
  sleep 1
done
echo "$(find "$dir/shards" -name '*.json' | wc -l) shards have written what they saw"

status=0
node "$here/dist/cli/main.js" merge "$dir"/shards/*.json --findings "$dir/findings" --report "json=$dir/merged.json" || status=$?
whole=0
node "$here/dist/cli/main.js" run --tier "$tier" --seed "$seed" --findings "$dir/findings" \
  --report "json=$dir/whole.json" > /dev/null || whole=$?
timeless() { sed -E 's/^  "seconds": .*$//' "$1"; }
if [ "$status" -ne "$whole" ] || ! cmp <(timeless "$dir/merged.json") <(timeless "$dir/whole.json"); then
  echo 'the merged report is another than that of the run in one piece' >&2
  exit 1
fi
echo "the same as the run in one piece, byte for byte but for the seconds: $(sha256sum < <(timeless "$dir/merged.json") | cut -c1-16), exit status $status"
