"""Sentences of our own for the risk recipe: a small grammar of leaving, complaining upwards, and what only sounds so."""

import random
import re
from collections.abc import Iterator

# fmt: off
SLOTS: dict[str, str] = {
    "rel": "contract|agreement|subscription|account|membership|service contract|maintenance agreement|lease|licence|plan|cooperation|partnership|mandate|retainer|loan|credit line|framework agreement|policy|rental",
    "srv": "service|platform|tool|software|hotline|cleaning service|courier service|payroll service|catering|hosting|insurance|security service|support|maintenance|telephone system|app|bank|agency",
    "prov": "provider|supplier|vendor|company|firm|bank|agency|partner|insurer|carrier|caterer|broker|accountant|contractor|host|lender|security firm|cleaning company|software|system|auditor",
    "other": "another|a different|a new|a cheaper|some other|a better|an alternative",
    "small": "meeting|order|booking|appointment|payment|delivery|invoice|transfer|workshop|reservation|visit|call|card|training|pickup|direct debit|hotel room|flight|lunch|shipment|second line|reminder|purchase|parcel|session|newsletter|demo",
    "end": "end|cancel|terminate|close|discontinue|quit|stop|give up|get out of|get rid of|withdraw from|drop|walk away from|exit|wind down",
    "ending": "ending|cancelling|terminating|closing|discontinuing|quitting|dropping|giving up|getting out of|stopping",
    "ended": "ended|cancelled|terminated|closed|stopped|discontinued|deleted",
    "we": "we|I|our company|my team|our office|the whole group|our firm|my department",
    "we2": "we|I",
    "when": "today|next month|at the end of the year|in spring|by the summer|soon|immediately|in June|as of Monday|after this season|when the term is over",
    "why": "because of the delays|after the last invoice|since nobody answers|because the quality is so low|due to the errors|as the price went up again|after what happened last week|because nothing works",
    "bad": "the deliveries are late again|this happens again|the bill is wrong again|nothing changes|nobody calls back|the price goes up|the system fails once more|you do not fix this|the quality stays like this|we get no answer",
    "boss": "manager|supervisor|director|boss|CEO|managing director|chief executive|head of service|regional manager|branch manager|team leader|department head|general manager|executive|vice president",
    "team": "leadership|management|board|head office|headquarters|executives|directors|corporate office",
    "auth": "ombudsman|regulator|police|data protection authority|consumer protection agency|attorney general|BBB|FTC|CFPB|supervisory authority|labour inspectorate|tax office|competition authority|trade association|financial authority|Better Business Bureau",
    "law": "lawyer|attorney|solicitor|legal department|legal counsel|law firm",
    "pub": "the press|a journalist|the newspapers|social media|the review sites|the local paper|a reporter|Twitter|Facebook|the media",
    "thing": "the delivery|the invoice|the repair|the report|your portal|the refund|the damage|the missing payment|the outage|the fee|the installation",
    "rude": "rude|ignored|overcharged|late|wrong|unacceptable|broken|useless",
    "they": "they|the bank|the company|your system|the driver|the seller|the merchant|your colleague|the previous supplier|our landlord|our client|the store|the agent|my neighbour|a friend of mine",
    "person": "our colleague|my assistant|our accountant|the driver|our director|your consultant|our intern|Mr Hall|our contact at your firm",
    "praise": "thank you|great job|we are very happy|it was excellent|well done|that was kind|we appreciate it|perfect|all good",
}
DEPARTURE: tuple[str, ...] = (
    "{we} (will|want to|have decided to|are going to|intend to|must|would like to|plan to|need to) {end} (the|our|this|my) {rel} {when}",
    "please {end} (our|my|the) {rel}( {when}|)", "(how|where) (do|can) (I|we) {end} (our|my|the) {rel}?", "{we} {ended} (the|our|my) {rel} {why}",
    "(I|we) (asked|tried|called|have been trying|requested) to {end} (my|our|the) {rel}( and they refuse|, but nobody reacts| several times|)", "they (refuse to|will not|won't let me|did not|make it impossible to) {end} (my|our) {rel}",
    "(I|we) want (our|my|this) {rel} {ended}", "(our|my|the) {rel} (should|must|needs to|has to|is to) be {ended}( {when}|)", "(the|our) {rel} will not be (renewed|extended|prolonged)( by us|)( {when}|)",
    "{we} (will not|won't|do not want to|are not going to|shall not|refuse to|see no reason to) (renew|extend|prolong|continue|keep) (the|our|your) ({rel}|{srv})", "we are {ending} (the|our) {rel}( {when}| {why}|)",
    "(this is|please accept this as|consider this|hereby we give) (our|my|formal) notice( for the {rel}|)( {when}|)", "we (give|gave|have given) notice( on the {rel}|)( {why}|)", "what is (the|our) notice period( for the {rel}|)? we (want|need|plan) to (leave|get out|end it)",
    "{we} (are|am|will be) leaving( you| your {srv}|)( {when}| {why}|)", "we (will|shall|are going to|are ready to|might|may) leave( you|)( {when}| {why}|)", "{we2} (am|are) (thinking about|considering|tempted by|close to|seriously considering|talking about) (leaving|a change of {prov}|{ending} the {rel}|moving to {other} {prov}|switching)",
    "{we} (switched|moved|went|changed|are switching|are moving|will switch|will move|plan to switch|have moved) to {other} {prov}( {why}| {when}|)", "{we} (switched|changed|are changing|want to change) {prov}s( {why}|)",
    "we (are looking|look|have started to look|will look|must look) (for|at|around for) {other} {prov}( {why}|)", "(we|I) (will|shall|have to|need to|must) (look|go|buy|take our business|take my money) elsewhere( {why}|)",
    "if {bad}(, we|, I| then we) (will|would|shall|have to|are going to) (leave|cancel|go elsewhere|end the {rel}|look for {other} {prov}|switch|find someone else|terminate|be gone)", "unless {thing} is (fixed|solved|corrected)(,|) we (leave|will {end} the {rel}|go to {other} {prov}|are out|won't renew)",
    "one more (mistake|delay|outage|week like this|wrong bill) and (we are gone|we leave|you lose us|I cancel|we go to someone else|that was it for us)", "(your competitor|{other} {prov}|a rival of yours) (offers|charges|does|has offered us|quoted us) (the same for less|a better price|much less|it for half)",
    "we (asked|have asked|invited|are asking) (several|other|three|two|some of your) (competitors|{prov}s|firms) for (offers|quotes|a proposal|bids)", "(the|our) {rel} (goes|is going|will go|was put) out to tender( {when}|)", "we (compare|are comparing|have compared) (offers|prices|other {prov}s)( right now| these days|)",
    "{we} (no longer|do not|don't) (need|want|use|require) (your|the) {srv}( any more| any longer|)", "(I|we) will never (use|order from|buy from|work with|do business with|book with|bank with|rent from) (you|your company|this company|them|this {prov}) again", "(never again with|no more orders for|no further business with) (you|your company|this {prov})",
    "we (stop|stopped|are stopping|will stop) (using|paying for|working with|ordering from|doing business with) (you|your {srv}|your company)( {why}|)", "from {when} (we|our own people|our own staff) do (it|this|the work) (in house|ourselves|without you)", "{other} {prov} (takes over|starts|will do it|does it for us|has the job) from (Monday|January|next month|the first)",
    "(hand|send|give) (everything|the files|the keys|our data) to (our new|the next) {prov}", "we (have|already have|just) signed with {other} {prov}", "we (replaced|are replacing|will replace) (you|your {srv}) (with {other} {prov}|{when})",
    "you (will lose|are losing|have lost|just lost|are about to lose) (us|me|a client|a customer|our business|this account)", "(we|I) have (had enough|lost all trust|lost confidence|no patience left)( and will leave| and go| in you|)", "(we are|I am) (done|finished|through) with (you|your {srv}|your company|this {prov})",
    "(time|it is time) to (part ways|say goodbye|move on|end this)", "this (is|was|will be) our last (order|year|invoice|season|month)( with you|)", "I (doubt|do not think|don't believe) (that |)we will (stay|renew|be with you next year|continue|go on)", "why should we (stay|renew|keep paying|go on|continue)( with you|)?",
    "(my boss|our board|our director|the owner) (wants|decided|has decided|asks us) to (change the {prov}|{end} the {rel}|leave|drop you|look for {other} {prov})", "we (reduce|cut|are reducing|have cut) (the|our) (licences|seats|volume|orders|sites) (by half|to a minimum|and will end the rest)", "we would only (stay|renew|extend|continue) if (the price falls|you improve|{thing} is fixed)",
    "(take|come and collect|pick up|you can have back) your (machines|devices|printers|equipment|containers), (we have others now|we do not want them|the {rel} is over)", "(delete|close|remove|deactivate) (my|our) (account|profile|workspace|company account)( please| now| and all data|)", "I (want|would like|wish) (out|to get out of this|to opt out|to cancel)( now| please|)",
    "I (took|take|am taking|moved|will take) my (business|money|account|custom) (elsewhere|to {other} {prov}|away)", "(I|we) cancelled (the|our|my) {rel} (in May|last month|weeks ago) and (you still charge us|still get bills|nobody confirmed it)", "when (does|can) (the|our) {rel} end? we (want|plan) to (stop|leave|go)",
    "I (called|emailed|wrote to|contacted) (them|the company|customer service|you) to (close|cancel|end) my {rel}( and they refused| but they said it was too late| and nothing happened|)",
    "I (just|only) want (this|my) {rel} {ended}( and my money back|)",
    "I have (asked|told) (them|you) to (close|cancel|delete) my {rel}( many times| in writing|)",
    "I requested that (the|my) {rel} be {ended}( in writing| and got no answer|)",
    "(they|you) (refuse|refused|keep refusing) to let me (cancel|close|end|get out of) (the|my) {rel}",
    "there is no (way|option|button) to (cancel|close|delete) (my|the) {rel}( in the app| on the site|)",
    "I would never (use|do business with|work with|borrow from) (them|this company|you) again",
    "once (this is resolved|I am refunded|the loan is paid) I will (close my account|never use them again|leave)",
    "I am (closing|cancelling) (all|both) of my accounts( with them|)",
    "I told them (that |)I (no longer want|do not want) (the|this) {rel}( any more|)",
    "(close|cancel) (the|my) {rel} and (return|refund) (my|the) (money|deposit|title)",
)
ESCALATION: tuple[str, ...] = (
    "(I|we) (want|need|demand|would like|insist|asked|have asked|am asking|expect) to (speak|talk) (to|with) (a|your|the) {boss}", "(let me|can I|may I|could I|please let me) (speak|talk) (to|with) (your|a|the) {boss}( please| now|)", "(get|give|put|connect|transfer) me (to |)(your|a|the) {boss}( please| now| on the phone|)",
    "I (asked|have asked|begged) for a {boss} and (nobody called|was refused|they hung up|was told no|never got one)", "(no|the) {boss} (ever called back|would speak to me|was available|has called me|refused to talk to me)", "(I|we) (want|expect|demand) a (call|reply|letter|meeting) (from|with) (your|the) ({boss}|{team})( today|)",
    "I (wrote|have written|sent a letter|emailed|am writing|will write) to (your|the) ({boss}|{team})( about {thing}|)", "(forward|pass|show|send|bring) this to (your|the) ({boss}|{team})( please| at once|)", "(your|the) ({boss}|{team}) (must|should|needs to|has to|ought to) (know|hear about|deal with|look at|see) (this|{thing})", "does your ({boss}|{team}) know (about|of) (this|{thing})?",
    "(our|my) ({boss}|{team}) (wants|demands|expects|will have|asks for) (a call|a statement|an explanation|an answer|to talk) (from|to|with) (your {boss}|your {team}|yours)", "(I|we) (spoke|talked) (to|with) (the|a|two|your) {boss}(s|) and (still nothing happened|nobody helped|got nowhere|was sent away)", "who is (your {boss}|your superior|in charge|responsible for this|above you)?",
    "please escalate( this| it| the matter| my case| the ticket|)( to the next level| today| now| to your {boss}|)", "(this|it|{thing}|my case) (must|needs to|has to|should) be escalated( now|)", "(we|I) (escalated|am escalating|have escalated|will escalate|want to escalate) (this|it|{thing})( to your {team}| twice|)", "I want (someone|somebody) (senior|higher up|in charge|with authority|who can decide)( to call me|)",
    "(I|we) (want to|wish to|would like to|will|hereby|am going to|have to) (make|file|lodge|submit|raise) (a|an official|a formal) complaint( about {thing}| against your {boss}|)", "this is (a|my|an official|a formal|our second) complaint( about {thing}|)", "(I|we) (filed|made|have filed|lodged|submitted) a complaint (with|to|at) (you|the {auth}|your {team})( weeks ago|)", "how (do|can) I (complain|make a complaint|file a grievance)( officially|)?",
    "I (will|am going to|have|shall|already) (report|reported|contact|contacted|inform|informed|complain to|write to|turn to) (you to |)the {auth}( about {thing}| about you|)", "the {auth} (will hear|has been told|has been informed|will be informed|knows|should look into) (about this|about {thing}|of this|this)", "(I am|we are) (contacting|reporting this to|filing with|going to|writing to) the {auth}", "I (filed|made|will file) a (police report|report with the {auth}|claim with the {auth}|complaint with the {auth})",
    "(I|we) (will|am going to|are going to|want to|may|might|intend to|are ready to) (sue|sue you|take legal action|take you to court|go to court|seek damages|claim damages|start a lawsuit|file a lawsuit)( over {thing}| if {bad}|)", "if {bad}(, |) (I|we) (will|shall|have to) (go to court|call our {law}|inform the {auth}|take legal action|go to {pub}|contact your {boss}|write to your {team}|file a complaint)",
    "(our|my) {law} (will contact you|is on it|has been informed|will write to you|says this is illegal|is preparing a claim|will be in touch|has sent you a letter)", "(I|we) (have|will|am going to) (hired|hire|contact|talked to|consult|involved|involve|informed|speak to) (a|an|my|our) {law}( about {thing}|)", "(I am|we are) (seeking|getting|taking|considering) legal (advice|action|steps|help)", "(we|I) (hold you liable|reserve all legal rights|expect compensation|demand compensation) for {thing}",
    "(I|we) (will|am going to|shall) (go to|tell|write to|inform|post this on|share this with|talk to) {pub}( about {thing}|)", "{pub} (will hear|should know|has asked us|will love) (about this|about {thing}|this story)", "I (will|am going to) (leave|write|post|give you) (a bad review|one star|an honest review|a terrible review)( everywhere|)", "(everyone|everybody|all our partners|other clients) (will|should) (know|hear) how you treat (us|people|clients)",
    "(I|we) (disputed|will dispute|have disputed) the (charge|payment) (with|through) (my|our) bank", "(the lawsuit|a claim for damages|legal action|an arbitration) (is being prepared|has been filed|has been started|will follow)", "nobody (senior|in charge|at management level) (calls back|cares|has answered)",
    "I (asked|requested|insisted) to speak (to|with) (a|the) {boss} (and was told none were available|and she hung up|several times|again)",
    "I am (filing|submitting|making) this complaint (because {thing} is wrong|so that others are warned|with the {auth}|against them)",
    "I (would like|want|ask|request|urge) the {auth} to investigate (them|this company|this|you)",
    "I have filed (complaints|reports) with the {auth} and the {auth}",
    "I (called|contacted|emailed|reached out to) (corporate|their headquarters|the corporate office|head office)( and nobody answers|)",
    "failure to (respond|comply|fix this) will result in (legal action|a lawsuit|a complaint with the {auth})",
    "I (have|see|am left with) no (choice|option) but to (file a complaint|get a {law}|go to the {auth}|sue)",
    "I (hired|retained|contacted|spoke to|am about to get|will be speaking to) a {law}( about this| who will call you|)",
    "dear {auth}, I am writing to (report|complain about|file a complaint against) (them|this company)",
)
NEITHER: tuple[str, ...] = (
    "(please|can you|I need to|we want to|could you|I would like to|we had to) cancel (the|my|our|one|this|tomorrow's) {small}( on Friday| {when}|)", "how (do|can) I cancel (a|my|the) {small}?", "(I|we) cancelled (the|my|a) {small}( and wait for the refund| by mistake|)", "(please|could you|can we) (move|change|switch|postpone|stop) (the|our|my) {small}( to Tuesday| {when}|)",
    "{they} (closed|cancelled|terminated|ended|deleted) (my|our) ({rel}|{small})( without asking| by mistake| without notice|)", "why (was|did you|has) (my|our) {rel} (been closed|close|cancelled|ended)? I (did not ask for it|want it back|still need it)", "{they} (moved|switched|went|changed) to {other} {prov}", "{they} (left|is leaving|leaves|quit|has left)( the firm| {when}|)",
    "{person} (leaves|is leaving|left) (the company|us|our firm)( {when}|), please (close|delete|remove) (her|his|the) (access|login|account)", "(leave|please leave|he left|the driver left|they left) (the parcel|the boxes|the keys|a note|it) (at the door|at reception|in the rain|with the neighbour)", "(there are|we have) (two|three|ten) (days|licences|boxes|questions) left", "the (left|right) (door|screen|lamp) (does not work|is broken|is fine now)",
    "{we} (renewed|will renew|have just renewed|want to renew|would like to extend|extended) (the|our) {rel}( for two years| early|)", "(we|I) (will stay|want to stay|are happy to stay|would like to continue|will keep) with you( for another year|)", "(we|I) (almost|nearly) (left|cancelled|switched|went elsewhere)( last year|), but (you fixed it|now all is well|your team was great|we stayed and are happy)", "we (thought about|had considered|were about to|wanted to) (leaving|{ending} the {rel}|leave|switch) (in spring|last year|once), (but not any more|that is over|now we are happy|it is off the table)",
    "(we|I) (do not|don't|never|would never) (plan to|want to|think of|intend to|consider to) (leave|leaving|cancel|switch|change the {prov})", "(no|there is no) (reason|need|plan) to (leave|switch|look elsewhere|change {prov})", "we (came|moved|switched) to you from {other} {prov}( and do not regret it| last year|)", "(our|the) (old|former|previous|last) {prov} (was worse|cancelled on us|still sends bills|took us to court|never answered)",
    "(forget|ignore|sorry for) what I (said|wrote) about (leaving|cancelling|a lawyer|a complaint)", "(we take back|please undo|I withdraw) (the|our|my) (cancellation|notice|complaint|termination)", "(when|how) does (the|our) {rel} (end|renew|run out)? we (want to go on|only plan the budget|need it for the file)", "{thing} (ended|closed|stopped) (too early|by itself|in the middle)",
    "the {rel} (number|document|form|page|text) (is wrong|is missing|has changed|needs a signature)", "(can you|please) (send|explain|update|check) (the|our) {rel}", "we (use|have|also use) {other} {prov} for (something else|the other site), can (it|they) be connected?", "(your competitor|{other} {prov}) (asked|called) us, we (said no|are happy here|told them that we stay)", "we (chose|picked|won) {other} {small}",
    "(the|your) {boss} (was very kind|called me back|helped at once|explained everything|was friendly|solved it)(, {praise}|)", "(please thank|say hello to|many thanks to) (the|your) {boss}( from me|)", "(our|my) {boss} (needs access|will join the call|is on holiday|likes the report|has a question|signs the papers|visits you on Monday)", "please add (our|my) {boss} (as a user|to the list|to the invitation)", "the {boss} (role|view|page|field) (does not work|is missing|is useful)",
    "{they} had to ask (his|her|their|a) {boss}", "(the|our) {law} (needs|wants|asks for|checks|will sign) (a copy|the contract|the draft|the certificate)", "{they} (threatened to sue me|took us to court|sued us|sent a lawyer|filed a lawsuit against us|want to sue us)", "{they} (reported|report) (me|us|it) to the (credit bureau|collection agency|{auth})", "the {auth} (asked us for|needs|published|changed|wants) (the report|the form|new rules|the log files|a copy)",
    "(no|there is no|I have no|we have no) (complaint|complaints|need to escalate|reason to complain)", "(my|our|the) complaint (was solved|has been handled well|is closed|can be closed)(, {praise}|)", "where do I (see|find|enter) (the status of my complaint|complaints of our guests)?", "(thank you|thanks) for (escalating|the quick escalation|the kind review|the report|the help of your {boss})", "(please|could you|can you) (report|send|review|forward) (the meter readings|the hours|the document|the figures)( to the {boss}|)",
    "I (gave you|will write|left) (five stars|a good review|a kind review)", "{thing} is (late|missing|wrong|not clear|broken) again", "(nobody|no one) (answers|calls back|came|knows about {thing})", "(we|I) (waited|have been waiting) (two hours|three days|a week) for {thing}", "(your|the) {srv} (is slow|was down|does not work|is great|helped us a lot|could be better)", "(we|I) lost (a day|money|the file|an hour) because of {thing}", "our (own |)customers (leave us|complain|cancel) because of {thing}",
    "(can you|please) recommend {other} {prov} for (the garden|translations|electrical work)?", "(we|I) (want to|would like to) (switch|move|change) (to the bigger plan|to yearly billing|our address|the language|the password)", "(we|I) need (a new|to replace the|another) (filter|card|printer|badge|battery|copy)", "(the|our) (lease|contract) with (our landlord|the city|another firm) (ends|was terminated|runs out){when}", "{praise}, (your team|the {boss}|the driver) (did it again|was lovely)",
    "they (told|informed) me (that |)(my|the) {rel} was {ended}",
    "{they} (said|told me) I (could|can|had three days to) cancel the {rel}",
    "the {rel} (states|says) that (I|you|a client) (can|may) {end} it",
    "the account ending in (1234|0077|5521)( was charged|)",
    "(money|funds|100 dollars) (was|were|has been|keeps being) taken out of my account",
    "I paid off (the|my) loan (early|in full) (and|but) {thing} is wrong",
    "(by|at|toward) the end of (the month|my loan|the year|the lease) (we|I) need {thing}",
    "they (closed|shut) (the|my) (account|credit line) (and reported me late|because of fraud|after I paid)",
    "a {boss} (called|told me|confirmed|said) that {thing} is (late|on its way|correct)",
    "{they} violated (my rights|section 1681|the fair credit act)",
    "it (was|is) reported (late|wrongly|as open) on my credit report",
    "they (are going to|threatened to|said they will) (sue me|take me to court|garnish my wages|take legal action)",
    "I was (sued|served papers|threatened with a lawsuit) by {they}",
    "I (talked|spoke) to (a representative|an agent|customer service) about {thing}",
    "I never (asked for|used|signed) (the|this) {rel}",
    "my {rel} was (sold|transferred) to {other} {prov}",
    "{we} (are|am|were) (very |really |deeply |)(disappointed|unhappy|angry|frustrated|annoyed|upset|not satisfied|dissatisfied)( with {thing}| about {thing}| {why}|)",
    "{thing} (is|was) (a disaster|terrible|awful|not good enough|a joke|very poor|unacceptable|too expensive)( again|)",
    "(the|your) {srv} is (terrible|too slow|not worth the money|bad|a mess|getting worse)( {why}|)",
    "(this|it) is (the third time|so frustrating|not acceptable|a waste of time|really annoying)( {why}|)",
    "(we|I) (expected|deserve|hoped for) (more|better|an answer)( from you| than this|)",
    "(we|I) (had to|must) (call|write|ask|explain it) (again|five times|three times)( {why}|)",
    "your team (was|is) (friendly|unfriendly|slow|quick|rude|helpful)( as always| today|)",
    "(we|I) (love|like|enjoy|use) (the|your) {srv}( every day| very much|)",
    "(could|can|would) you (add|improve|repair|check|send) {thing}( please| soon|)?",
    "(it|this) (costs us|takes us) (hours|days|a lot of money)( every week|)",
    "(the|our) {small} (is|was) (late|wrong|missing|too short|too long|cold)( again| {why}|)",
    "(what|when|where|why) is {thing}( this time|)?",
)
# fmt: on
_SLOT = re.compile(r"\{([a-z0-9]+)\}")
_CHOICE = re.compile(r"\(([^()]*)\)")
KINDS: tuple[tuple[tuple[str, ...], int, int], ...] = (
    (DEPARTURE, 1, 0),
    (ESCALATION, 0, 1),
    (NEITHER, 0, 0),
)


def risk_sentences(*, each: int, seed: int = 5) -> Iterator[tuple[str, int, int]]:
    """Give up to `each` sentences of every frame with departure and escalation, the same for the same seed."""
    rng = random.Random(seed)
    for frames, departure, escalation in KINDS:
        for frame in frames:
            for said in sorted({_written(frame, rng) for _ in range(each)}):
                yield said, departure, escalation


def _written(frame: str, rng: random.Random) -> str:
    while (found := _SLOT.search(frame)) is not None:
        frame = frame[: found.start()] + rng.choice(SLOTS[found.group(1)].split("|")) + frame[found.end() :]
    while (found := _CHOICE.search(frame)) is not None:
        frame = frame[: found.start()] + rng.choice(found.group(1).split("|")) + frame[found.end() :]
    said = " ".join(frame.split())
    said = re.sub(r"\bi\b", "I", said) if rng.random() < 0.8 else said.lower()
    return said if said.endswith("?") else said + rng.choice((".", ".", "", ", please help."))
