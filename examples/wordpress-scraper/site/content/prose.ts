/** Paragraphs of each category: a post takes some of its own category, in an order of its own. */
export const paragraphs: Readonly<Record<string, ReadonlyArray<string>>> = {
  wheels: [
    "A wheel is held up by the spokes you cannot see working. The ones below the hub go slack for a moment with every turn, and a spoke that goes slack too far begins to unscrew itself. That is why an even, high tension matters more than a rim that runs perfectly straight on the day it leaves the stand.",
    "Start with the side-to-side error and never fix more than a third of it at once. Then look at the hop, then at the dish, and then go round again. Three quiet rounds beat one heroic one, and the nipples will thank you by keeping their corners.",
    "I write the tension of every fourth spoke on a strip of masking tape and stick it to the inside of the rim. When the wheel comes back two years later the tape tells me whether the wheel has changed or the road has.",
    "Cheap tyres are expensive. They pick up glass, they crack at the bead after one summer in the sun, and they take a few watts from you at every push. If the budget allows one good part, let it be the part that touches the ground.",
    "Pressure is a habit, not a number. Push your thumb into the tyre when it feels right, remember what that is like, and check it every Saturday. The gauge on the pump is for arguments.",
    "When you replace one broken spoke on the drive side, look at its neighbours with a lens. They were made on the same morning, they have done the same work, and they are thinking the same thoughts."
  ],
  drivetrain: [
    "Oil goes inside the chain, dirt stays outside, and almost every mistake is a way of mixing the two. One drop on each roller, a minute of patience, and then wipe off everything you can see. What you can see does not lubricate anything.",
    "A worn chain files the teeth of the sprockets into its own shape. Change the chain in time and the sprockets last for three of them; wait too long and the new chain will skip on the old teeth like a record.",
    "Shifting problems are nearly always friction problems in disguise. Before you turn a barrel adjuster, take the cable out of its stops, pull it by hand and feel. If it drags in your fingers it drags in the lever.",
    "We measure every chain that comes through the door, whatever it came for, and write the number on the ticket. Most people have never been told that a chain has a number. They tend to come back before it reaches one per cent.",
    "There is a pleasure in a gear that lands without a sound. It takes a straight hanger, a clean cable and a chain of the right length, none of which can be bought in a box marked performance.",
    "If it clicks under load only, look at the cranks before you look at the bearings; if it clicks when you coast, stop looking at the cranks. That one sentence has saved me about a week a year."
  ],
  brakes: [
    "A brake turns your speed into heat and gives it to the air. Everything that goes wrong with brakes is heat that went somewhere else: into the fluid, into the rim, into a pad that has turned to glass.",
    "Squealing is vibration, and vibration needs something loose. Check the wheel bearings, then the pivots, then the bolts, and only when all of those are quiet should you reach for sandpaper.",
    "Please do not oil a disc. It happens about once a month, always with the best intentions and a spray can, and it always ends with new pads. A clean rag and alcohol are all a disc ever wants from you.",
    "Set the lever so that it bites when your finger is bent at the second joint. Your hand is strongest there, and it will be there already when the van door opens.",
    "New pads need twenty stops from walking pace to a standstill before they are worth anything. I do it in the yard, and the neighbours have stopped asking.",
    "On a long descent brake hard and let go, brake hard and let go. Dragging the lever feels careful, but it only keeps the heat coming; the pauses are where a brake breathes."
  ],
  tools: [
    "Buy the tool you use daily once, and the tool you use yearly cheaply. If the cheap one breaks you have learnt that you use it more often than you thought, and then you buy it properly.",
    "Every tool here has an outline painted on the wall behind it. It is not tidiness. At half past five, when the shop is loud and somebody is waiting, an empty outline tells you what is still inside a wheel.",
    "A bolt that will not turn has a reason. Warm it, oil it, leave it overnight, and try again in the morning with a tool that fits exactly. Strength comes last on that list, and by then you rarely need it.",
    "The torque written on a part is the torque for a clean, greased thread. On a dry one the same number clamps far less, so the wrench clicks, you feel reassured, and the stem turns in the first pothole.",
    "I keep a small mirror, a magnet on a stick and a dentist's probe in the top drawer. Together they cost less than one good spanner and they have ended more arguments than all of the spanners.",
    "Wipe a tool before it goes back. It takes two seconds, and in those two seconds you notice the chipped jaw, the loose handle, the thing that would have slipped tomorrow."
  ],
  frames: [
    "A frame carries its history in its alignment. Put a string from one dropout round the head tube to the other, measure to the seat tube on both sides, and you will know about the car park, the train and the younger brother.",
    "Steel can be brazed, bent, filed and painted again, by one person, in an afternoon, with tools that fit into a suitcase. That is not an argument about weight. It is an argument about what happens in the tenth year.",
    "We look for cracks where two thicknesses meet: behind the head tube, above the bottom bracket, at the lower end of the stays. A crack lifts the paint along one side, and under a raking lamp it throws a shadow.",
    "Fit comes first. A frame one size too large cannot be mended with a shorter stem, it can only be disguised, and after two hours your neck will see through the disguise.",
    "Before paint comes the boring part: stripping, degreasing, masking every thread and every bearing seat. A day of masking is the difference between a frame that is assembled and a frame that is chased with taps.",
    "The numbers stamped under the bottom bracket are usually a date, sometimes a size, and once in a while a bet between two welders. I photograph them all."
  ],
  rides: [
    "We rode two abreast where the path allowed and fell silent where it did not. By the second hour the talk had moved from work to food, which is where all good talk on bicycles ends up.",
    "There is a bench at the top with a brass plate for somebody's dog. We always stop there, nobody ever suggests it, and the dog must have been a very good one.",
    "The map promised a track and the ground offered brambles, so we carried the bikes for ten minutes. Carrying is part of cycling in the way that silence is part of music, said Ilse, who carried the lightest bike.",
    "If you go: take a tube, take the second tube, and take coins, because the machine at the kiosk does not believe in cards. The tap behind the chapel has good water until the first frost.",
    "Nobody was fast, and that was agreed beforehand. The point of going together is that the slowest wheel sets the pace, and the slowest wheel sees the heron.",
    "Home by four, with the sun low and the shadows of the wheels long on the road in front of us. I cleaned the bike while the kettle boiled, and it took exactly one kettle."
  ],
  workshop: [
    "The rule of the house is that you may ask anything while we work, and that we may say that we do not know. Both halves are needed. A shop where nobody says it does not know is a shop that guesses with your brakes.",
    "We write what we did on the ticket, in words, with the old part in a bag. If you can see the worn pad next to the new one there is nothing left for me to sell you.",
    "Saturday mornings are for small things: a bell, a bulb, a saddle two centimetres up. We do not charge for those. They take five minutes, and they are how we came to know the whole street.",
    "Anton fixes, Ilse builds, Noor asks why, and I write it down. On quiet days we swap, and everything takes longer and is better understood.",
    "The stove goes on in November. From then until March the queue moves more slowly than it could, because people who have only come to collect a bike sit down and tell us about it.",
    "We mend what can be mended. When it cannot, we say so, take the good parts off together, label them and put them on the shelf, so that some other bicycle lives a little longer."
  ]
}

/** Last paragraphs, which fit any post. */
export const closings: readonly [string, ...Array<string>] = [
  "That is all for this week. The door is open from ten, and the kettle is on from half past nine.",
  "If you have done this differently and it worked, come in and tell me. Half of what I know was told to me across this counter.",
  "Questions go into the comments or through the door, whichever is nearer.",
  "Next time: the part of this that I left out because it made Noor laugh.",
  "As ever, nothing here is advice until you have looked at your own bicycle.",
  "Thank you for reading this far. Your tyres are probably soft; go and check."
]

/** Sub-headings of longer posts. */
export const headings: readonly [string, ...Array<string>] = [
  "What to look at first",
  "The slow way",
  "Where it goes wrong",
  "A word about cost",
  "What we tried",
  "In practice"
]

/** Quotations a post may carry. */
type Quotation = readonly [text: string, source: string]
export const quotations: readonly [Quotation, ...Array<Quotation>] = [
  ["A bicycle is a machine that explains itself, if you let it stand still for a minute.", "Ilse"],
  ["You can&#8217;t hurry glue, bread or bearings.", "Anton"],
  ["I only came in for a bell.", "A customer, three bicycles ago"],
  ["Is it supposed to do that?", "Noor, daily"]
]

/** What readers write under a post. */
export const remarks: ReadonlyArray<string> = [
  "Tried it on Saturday, and it worked on the second go. The first go we do not talk about.",
  "My father taught me the same, only with more swearing.",
  "Is this also true for a hub gear? Mine is from 1986 and I am afraid to open it.",
  "Thank you. I had been turning it the wrong way for eleven years.",
  "Could you say which grease you mean? There are <em>four</em> tubs on my shelf &amp; none has a label.",
  "We met you at the lighthouse! The lamp you lent us still works.",
  "A photograph of the finished wheel would be lovely."
]

/** Who writes it. */
export const readers: readonly [string, ...Array<string>] = ["Jonas", "Frau Petersen", "wheelsucker_62", "Aiko"]

interface PageOutline {
  readonly title: string
  readonly slug: string
  /** The slug of the page above it. */
  readonly parent: string | undefined
  readonly text: readonly [string, ...Array<string>]
}

/** The pages of the site, as its menu has them. */
export const pages: ReadonlyArray<PageOutline> = [
  {
    title: "About us",
    slug: "about",
    parent: undefined,
    text: [
      "Spoke &amp; Kettle is a bicycle workshop with four stands, three mechanics and one stove, in a former bakery by the canal.",
      "We mend what can be mended, we build wheels by hand, and we write down what we learn, mostly so that we need not learn it twice."
    ]
  },
  {
    title: "The people",
    slug: "people",
    parent: "about",
    text: [
      "Anton has been here since the first day and knows where everything is. Ilse builds the wheels. Noor is our apprentice.",
      "The fourth person in the photograph is a customer who would not leave."
    ]
  },
  {
    title: "Opening hours",
    slug: "opening-hours",
    parent: undefined,
    text: [
      "Tuesday to Friday from ten to six, Saturday from nine to one. On Mondays we are closed and on the road.",
      "In August we shut for two weeks, and a sign on the door says which two."
    ]
  },
  {
    title: "Prices",
    slug: "prices",
    parent: undefined,
    text: [
      "<table><thead><tr><th>Work</th><th>Price</th></tr></thead><tbody><tr><td>Puncture, while you wait</td><td>12 &euro;</td></tr><tr><td>Wheel, trued</td><td>25 &euro;</td></tr><tr><td>Wheel, built</td><td>85 &euro;</td></tr><tr><td>Full service</td><td>95 &euro;</td></tr></tbody></table>",
      "Parts are extra, and the old ones are yours."
    ]
  },
  {
    title: "Courses",
    slug: "courses",
    parent: undefined,
    text: [
      "On Tuesday evenings the stands are yours. Bring your bicycle, wear something that may get dirty, and write to us beforehand so that we know how much tea to make.",
      "The wheel-building weekend takes place twice a year, for six people."
    ]
  },
  {
    title: "Find us",
    slug: "find-us",
    parent: undefined,
    text: [
      "We are behind the old lock, next to the boatyard. If you can see the chimney, walk towards it; if you can smell the bakery, you are forty years late and still in the right place."
    ]
  },
  {
    title: "Imprint",
    slug: "imprint",
    parent: undefined,
    text: [
      "Responsible for this site: Marit Holm, Spoke &amp; Kettle, At the Lock 4. Write to workshop@spoke-and-kettle.example."
    ]
  },
  {
    title: "Privacy",
    slug: "privacy",
    parent: undefined,
    text: [
      "This site counts nothing and nobody. If you leave a comment we keep your name, your address and what you wrote, until you ask us not to."
    ]
  }
]
