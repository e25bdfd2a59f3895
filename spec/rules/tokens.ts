/** Tokens: an object registers under one, and the token is free again afterwards. */
import type { Rule } from '../rule.js';
import type { ObjectId } from '../vocabulary.js';
import {
  acceptedWhere,
  actionsText,
  callText,
  connecting,
  decidingReason,
  inSequence,
  isOptional,
  mustConnect,
  refusalStatuses,
  refusedFor,
  SEQUENCES,
  statusText,
  tokenText,
  wasAccepted,
  wasRefused,
} from './helpers.js';
import { renameTokens } from './relations.js';

export const tokens: readonly Rule[] = [
  {
    kind: 'call',
    id: 'TOKEN-1',
    level: 'MUST',
    text: 'A registration under a token that another object of the same side holds MUST be refused with the duplicate status of the profile, and change nothing.',
    intent:
      'A token stands for one interrupt. Two producers under one token would leave the consumer with a choice that nobody made.',
    source:
      'The RFC of 2015 ("Re: [v4 08/16] KVM: kvm-vfio: User API for IRQ forwarding", 2015-06-18): -EINVAL; -EBUSY since Linux 4.4. The header of every version: tokens are unique per side.',
    check: refusedFor('duplicate-token', (call) => `${call.holder} holds ${tokenText(call.token)}`),
  },
  {
    kind: 'call',
    id: 'TOKEN-2',
    level: 'MUST',
    text: "A registration MUST NOT be refused because an object of the other side holds the token: producers' and consumers' tokens are separate name spaces.",
    intent: 'The same token on the other side is not a clash, it is the match that the manager is there to find.',
    source: 'The RFC of 2015: two lists, each searched for duplicates of its own side.',
    check: acceptedWhere(
      (call) => call.peer !== undefined,
      (call) => `only ${call.peer}, on the other side, holds ${tokenText(call.token)}`,
    ),
  },
  {
    kind: 'call',
    id: 'TOKEN-3',
    level: 'MUST',
    text: 'A registration under the null token MUST be refused with -EINVAL where the profile says so; elsewhere the null token is a token like any other.',
    intent:
      'A caller without an eventfd passes null. To pair two such callers by accident is wrong; to accept what can never be taken back is worse.',
    source: 'Refused from Linux 4.7 to 6.16; an ordinary token before; the check was lost in 6.17.',
    needs: 'null-token',
    check: (call, history) => {
      if (!call.registers || call.token !== null) return undefined;
      const deciding = decidingReason(call, history);
      if (deciding !== undefined && deciding !== 'null-token') return undefined;
      const allowed = refusalStatuses(call, history);
      if (call.mustRefuse) {
        // Several reasons refuse it, and none of them decides: that is for TOKEN-9.
        if (deciding === undefined) return undefined;
        if (wasRefused(call, allowed)) return true;
        return `${callText(call)} must be refused with ${allowed.map(statusText).join(' or ')}, but it ${actionsText(call)}`;
      }
      if (wasAccepted(call) || (isOptional('null-token', history) && wasRefused(call, allowed))) return true;
      return `the null token is a token like any other here, yet ${callText(call)} ${actionsText(call)}`;
    },
  },
  {
    kind: 'call',
    id: 'TOKEN-4',
    level: 'MUST',
    text: 'A token MUST be free again on its side once the object that held it was unregistered.',
    intent:
      'User space moves an eventfd from one vector to another; a token that stays taken makes the second vector slow for ever.',
    source: 'The RFC of 2015: unregister removes the entry. Linux 6.17 loses the entry of a null token.',
    check: acceptedWhere(
      (call) => call.tokenPast === 'unregistered' && call.holder === undefined,
      (call) => `nobody holds ${tokenText(call.token)} any more on the ${call.role}s' side`,
    ),
  },
  {
    kind: 'call',
    id: 'TOKEN-5',
    level: 'MUST',
    text: 'A token MUST be free again on its side when the registration under it failed to connect.',
    intent: 'There are benign reasons to fail. What failed must not block the next one that asks.',
    source: 'Linux 4.4 and later: the newcomer is entered only after it is connected, or is taken out again (6.17).',
    except: { 'rfc-2015': 'nothing can fail to connect' },
    check: acceptedWhere(
      (call) => call.tokenPast === 'failed' && call.holder === undefined,
      (call) => `the last registration under ${tokenText(call.token)} on the ${call.role}s' side failed`,
    ),
  },
  {
    kind: 'call',
    id: 'TOKEN-6',
    level: 'MUST',
    text: 'Registering an object that is registered MUST be refused with the status of the profile, whatever the token.',
    intent:
      'An object is registered once, under one token. A second registration is a bug of the caller that must not pass unseen.',
    source: '-EBUSY in Linux 4.4 to 6.16; a warning and -EINVAL since 6.17.',
    except: { 'rfc-2015': 'undefined there: the token lies in the object and the caller has overwritten it' },
    check: refusedFor('registered', (call) => `it is registered under ${tokenText(call.heldToken)}`),
  },
  {
    kind: 'call',
    id: 'TOKEN-7',
    level: 'MUST',
    text: 'A refused attempt to register a registered object MUST leave its registration as it was: its token, its pair, and how both end.',
    intent:
      'Up to Linux 6.16 the attempt re-keys the live entry, and the consumer is never told that its producer has gone.',
    source: 'Closed by Linux 6.17 (2b521d86ee80), where the manager owns the token.',
    except: { 'rfc-2015': 'undefined there: the token lies in the object and the caller has overwritten it' },
    check: (call, history) => {
      const between = (object: ObjectId | undefined) =>
        `${object} is still registered under ${tokenText(call.token)}, though a refused registration has come in between`;
      if (!call.registers) {
        if (!call.survivedReregistration) return undefined;
        const sequence = inSequence(call, history, call.peer === undefined ? [] : SEQUENCES.disconnect);
        return sequence === true || `${between(call.object)}; ${sequence}`;
      }
      if (call.holderSurvived && decidingReason(call, history) === 'duplicate-token') {
        const statuses = refusalStatuses(call, history);
        return wasRefused(call, statuses) || `${between(call.holder)}; but ${callText(call)} ${actionsText(call)}`;
      }
      if (!call.peerSurvived || !mustConnect(call)) return undefined;
      const sequence = inSequence(call, history, SEQUENCES[connecting(call, history)]);
      return sequence === true || `${between(call.peer)}; ${sequence}`;
    },
  },
  {
    kind: 'relation',
    id: 'TOKEN-8',
    level: 'MUST',
    text: 'Renaming all tokens MUST change nothing: a token is compared, never looked into.',
    intent:
      'The manager need not know what a token is; an implementation that orders or hashes tokens must not let it show.',
    source: 'The RFC of 2015: the manager does not need to know what the match token is.',
    variant: renameTokens,
  },
  {
    kind: 'call',
    id: 'TOKEN-9',
    level: 'MUST',
    text: 'Where several reasons refuse a registration, it MUST be refused with the status of one of them: of the first, where the profile fixes the order.',
    intent: 'A caller that makes two mistakes at once must still get a refusal, and one that names a mistake it made.',
    source: 'The order of the checks in each version.',
    except: { 'rfc-2015': 'a duplicate is the only reason there' },
    check: (call, history) => {
      if (!call.registers || call.reasons.length < 2 || call.goesAhead) return undefined;
      const allowed = refusalStatuses(call, history);
      if (wasRefused(call, allowed)) return true;
      return `${callText(call)} must be refused with ${[...new Set(allowed)].map(statusText).join(' or ')} (${call.reasons.join(', ')}), but it ${actionsText(call)}`;
    },
  },
];
