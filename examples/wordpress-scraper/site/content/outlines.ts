/** One post before it is written out: its title as WordPress renders it, its slug, where it belongs and how it begins. */
export interface Outline {
  readonly title: string
  readonly slug: string
  readonly category: string
  readonly tags: ReadonlyArray<string>
  readonly lead: string
}

/** Title, slug, category, tags, first sentence: one post a line, oldest first. */
const table = `
The door is open | the-door-is-open | workshop | opening-hours customers | On Monday we hung a bell over the door, and by noon it had rung eleven times.
Truing a wheel by ear | truing-a-wheel-by-ear | wheels | spokes beginners | Before I owned a tension meter I owned two ears, and they were right more often than I like to admit.
A chain tells you everything | a-chain-tells-you-everything | drivetrain | chain wear | Hand me a chain and I can tell you where you ride, how often it rains there, and whether you own a rag.
Why your brakes squeal on Tuesdays | why-your-brakes-squeal-on-tuesdays | brakes | pads noise | A customer swore that her brakes squealed on Tuesdays only, and it took us a month to see that she was right.
The five tools I would save from a fire | five-tools-i-would-save-from-a-fire | tools | hand-tools beginners | Nobody plans for a fire, but a small flood last winter made me think about what I would carry out first.
Along the canal to the lock | along-the-canal-to-the-lock | rides | local gravel | Eleven kilometres, one hill if you count the bridge, and coffee at the far end.
Steel, and why it forgives | steel-and-why-it-forgives | frames | steel welding | A steel frame bends a little before it breaks, which is the politest thing a material can do.
Lacing your first rear wheel | lacing-your-first-rear-wheel | wheels | spokes beginners | Thirty-two spokes look like a riddle until you notice that it is the same four moves, eight times.
What we charge, and why | what-we-charge-and-why | workshop | prices customers | Somebody asked, fairly, why fitting a part can cost more than the part.
Half links and other small miracles | half-links-and-other-small-miracles | drivetrain | chain fixed-gear | Sometimes the difference between a bike that works and one that does not is twelve millimetres of chain.
Cables: the cheapest upgrade there is | cables-the-cheapest-upgrade | brakes | cables beginners | If I could change one thing on every bicycle in this town, it would be four euros&#8217; worth of cable.
Sunday: forest, mud, forest | sunday-forest-mud-forest | rides | local gravel | We started clean and came home the colour of the path, which is how you know that it was a good one.
A rack for the roof, a rack for the mind | a-rack-for-the-mind | workshop | shelves | For eight years the spare forks lived in a heap; this week they got a wall.
The bottom bracket, patiently explained | the-bottom-bracket-patiently-explained | drivetrain | bearings standards | There are at least seventeen kinds of bottom bracket, and I have cursed in front of customers over nine of them.
Reading a tyre | reading-a-tyre | wheels | tyres wear | The numbers on the side of a tyre are a short history of three countries that did not talk to each other.
How to hold a spanner | how-to-hold-a-spanner | tools | hand-tools beginners | It sounds silly until you have rounded a bolt, and then it sounds like something your uncle tried to tell you.
The crack in the seat stay | the-crack-in-the-seat-stay | frames | repair steel | It began as a hair in the paint, and the owner had cleaned around it for a year.
Rain at kilometre sixty | rain-at-kilometre-sixty | rides | weather touring | There is a moment in a wet ride when you stop minding, and I have started to look forward to it.
Disc or rim? | disc-or-rim | brakes | discs pads | It is the question we are asked most after &#8220;is it done yet?&#8221;, and the answer is nearly as unwelcome.
An apprentice arrives | an-apprentice-arrives | workshop | apprentice | Noor came in to have a puncture fixed, stayed to watch, and asked such good questions that I offered her a broom.
Spokes break in autumn | spokes-break-in-autumn | wheels | spokes wear | Every October the same bikes come back with the same broken spoke, always on the same side.
Cleaning a cassette in ten minutes | cleaning-a-cassette-in-ten-minutes | drivetrain | cleaning beginners | You need an old toothbrush, a rag you do not love, and the length of four songs.
The torque wrench is not for show | the-torque-wrench-is-not-for-show | tools | torque hand-tools | I used to think that I could feel five newton metres, and then I measured myself.
Paint, primer, patience | paint-primer-patience | frames | paint repair | The paint takes an hour; not touching it takes three days, and the second part is the craft.
Night ride to the lighthouse | night-ride-to-the-lighthouse | rides | touring lights | We left at ten with nine lamps between seven people and a promise that nobody would race.
Bleeding a brake without tears | bleeding-a-brake-without-tears | brakes | discs hydraulics | The first time I bled a brake I needed two people and a towel; now I need a syringe and silence.
Tubes &#038; tyres: what &#8220;28 inch&#8221; really means | tubes-tyres-what-28-inch-really-means | wheels | tyres standards | A 28&#8243; wheel measures 28 inches nowhere, and once you accept that, shopping gets easier.
Don&#8217;t touch that limit screw &#8211; yet | dont-touch-that-limit-screw-yet | drivetrain | derailleur beginners | Nine derailleurs in ten that come in &#8220;out of adjustment&#8221; have a bent hanger, and the tenth has a tired cable.
The box of unclaimed bells | the-box-of-unclaimed-bells | workshop | customers found | We have sixty-one bicycle bells that belong to somebody, and this week we counted them.
Grease is a verb | grease-is-a-verb | tools | grease bearings | There are three greases on the bench, and the difference between them is mostly the colour and the salesman.
Straightening a fork, or not | straightening-a-fork-or-not | frames | repair safety | A bent fork can be made to look straight, which is exactly why we do not do it.
Three bakeries, forty kilometres | three-bakeries-forty-kilometres | rides | local food | The route was drawn by appetite, and for once the profile shows it.
Rim &lt; hub: a wheel, from the middle out | a-wheel-from-the-middle-out | wheels | hubs bearings | People look at the rim because it is large, and I look at the hub because it is honest.
Pads: organic, sintered, forgotten | pads-organic-sintered-forgotten | brakes | pads discs | The third kind is the most common, and you can hear it from across the street.
Tuesday evenings: bring your own bike | tuesday-evenings-bring-your-own-bike | workshop | course beginners | We have four stands and a kettle, and from next month they are yours every Tuesday from six to nine.
Measuring wear with a ruler | measuring-wear-with-a-ruler | drivetrain | chain wear | Twelve links should measure twelve inches, and that is the whole trick.
The ferry, the headwind, the soup | the-ferry-the-headwind-the-soup | rides | touring weather | The island is flat, which only means that the wind is the hill, and that it moves.
A vice and what to hold in it | a-vice-and-what-to-hold-in-it | tools | hand-tools bench | The vice is the third hand of the shop, and the only one that never gets tired or has an opinion.
Lugs: jewellery that holds | lugs-jewellery-that-holds | frames | steel brazing | Look closely at an old frame and you will find that somebody filed a heart into it, by hand, on a weekday.
Winter storage for the lazy | winter-storage-for-the-lazy | workshop | winter beginners | Everything you read about storing a bicycle is correct, and here is the tenth of it that matters.
The tubeless experiment, month one | the-tubeless-experiment-month-one | wheels | tubeless tyres | I have put milk in my tyres, as my grandmother calls it, and I am keeping a diary.
The tubeless experiment, month six | the-tubeless-experiment-month-six | wheels | tubeless tyres | Half a year, two thorns, one nail, and a carpet that will never be the same.
Belt drive: the quiet argument | belt-drive-the-quiet-argument | drivetrain | belt standards | A belt makes no noise, needs no oil and cannot be shortened, and people fall in love with it for the first reason.
Coaster brakes deserve respect | coaster-brakes-deserve-respect | brakes | hubs bearings | It is a brake, a hub and a freewheel in one tin, and it was perfect before my father was born.
Sharpening day | sharpening-day | tools | bench hand-tools | Once a quarter we close at two and sharpen everything that has an edge, including the conversation.
Frame geometry in one drawing | frame-geometry-in-one-drawing | frames | fit standards | Two angles and three lengths decide how a bicycle feels, and you can draw them on a napkin.
Up the old tram line | up-the-old-tram-line | rides | local history | The rails went in 1961, the trees came back, and what is left climbs at exactly the grade a tram could manage.
Letters from the counter | letters-from-the-counter | workshop | customers found | People leave notes with their bikes, and I have kept the good ones.
&#9733; Ten years of wheels &amp; what I&#8217;d tell myself | ten-years-of-wheels | wheels | spokes apprentice | The first wheel I built is still turning, which says more about the rider than about me.
Untitled photograph | untitled-photograph | rides | local | No words today, only the light over the reservoir at six in the morning.
Spare parts inventory | spare-parts-inventory | workshop | shelves | How many 14 mm axle nuts are left? We counted, and then we counted again.
From my grandfather&#8217;s ledger | from-my-grandfathers-ledger | workshop | history found | He wrote down every repair from 1951 to 1979, in pencil, with the price and the weather.
The price list for friends | the-price-list-for-friends | workshop | prices | You know who you are, and you know that the coffee is not free either.
\u81ea\u8ee2\u8eca: a visitor from Osaka | %e8%87%aa%e8%bb%a2%e8%bb%8a-a-visitor-from-osaka | frames | lugs touring | He rode from Lisbon on a frame that his brother had built, and he let me hold it.
Notes on a derailleur hanger | notes-on-a-derailleur-hanger | drivetrain | derailleur repair | It is meant to bend so that the frame does not, and so it spends its life being blamed for doing its job.
The brake that came back | the-brake-that-came-back | brakes | hydraulics repair | Three times we fixed it, three times it came back, and the fourth time we asked how the bike was parked.
Inventory of sounds | inventory-of-sounds | tools | noise bearings | A click once per pedal turn, a tick once per wheel turn, a creak that only comes uphill: a field guide.
Valves: a love story in three threads | valves-a-love-story | wheels | tyres standards | Dunlop, Schrader, Presta: a mechanic, a businessman and a racer, and they still do not speak.
First frost | first-frost | rides | winter weather | The puddles had skins on them this morning, and the whole ride sounded like somebody eating toast.
What the apprentice taught me | what-the-apprentice-taught-me | workshop | apprentice course | Noor finished her first year on Friday, and I made a list on the back of an invoice.
`

/** The posts of the workshop's blog, oldest first. */
export const outlines: ReadonlyArray<Outline> = table.trim().split("\n").map((line) => {
  const [title = "", slug = "", category = "", tags = "", lead = ""] = line.split(" | ")
  return { title, slug, category, tags: tags.split(" "), lead }
})
